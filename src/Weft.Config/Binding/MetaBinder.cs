using System;
using System.Globalization;
using Weft.Config.Core;

namespace Weft.Config;

/// <summary>Reads <c>metadata</c>.</summary>
internal static class MetaBinder
{
    internal static ObjectMeta Bind(FieldReader r, bool isTemplate)
    {
        r.Known("generateName", "selfLink", "finalizers", "managedFields", "deletionGracePeriodSeconds");
        return new ObjectMeta
        {
            Name = r.String("name") ?? "",
            Namespace = r.String("namespace") ?? "",
            Labels = r.StringMap("labels", isTemplate || r.Context.IsFile ? CheckLabel : null),
            Annotations = r.StringMap("annotations"),
            Uid = r.String("uid") ?? "",
            Generation = r.Integer("generation", 0, long.MaxValue) ?? 0,
            ResourceVersion = r.String("resourceVersion") ?? "",
            CreationTimestamp = Time(r, "creationTimestamp"),
            DeletionTimestamp = Time(r, "deletionTimestamp"),
            OwnerReferences = r.List("ownerReferences", o =>
            {
                o.Known("blockOwnerDeletion");
                return new OwnerReference
                {
                    ApiVersion = o.String("apiVersion") ?? "",
                    Kind = o.String("kind") ?? "",
                    Name = o.String("name") ?? "",
                    Uid = o.String("uid") ?? "",
                    Controller = o.Bool("controller") ?? false,
                };
            }),
        };
    }

    private static DateTimeOffset? Time(FieldReader r, string name)
    {
        if (r.String(name) is not { } text)
        {
            return null;
        }

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time))
        {
            return time;
        }

        r.FieldError(name, $"\"{text}\" is no RFC 3339 time; write for example 2026-01-31T12:00:00Z.");
        return null;
    }

    private static void CheckLabel(FieldReader r, FieldReader.Field field, string key, string value)
    {
        if (!Names.IsLabelKey(key))
        {
            r.Error(field, DiagnosticCodes.InvalidValue, $"\"{key}\" is no label key; it is letters, digits, '-', '_' and '.', at most 63, after an optional DNS prefix and '/'.");
        }
        else if (!Names.IsLabelValue(value))
        {
            r.Error(field, DiagnosticCodes.InvalidValue, $"\"{value}\" is no label value; it is letters, digits, '-', '_' and '.', at most 63, and starts and ends with a letter or digit.");
        }
    }

    internal static IntOrString? IntOrString(this FieldReader r, string name)
    {
        ResourceNode? node = r.Raw(name);
        switch (node?.Kind)
        {
            case null:
                return null;
            case NodeKind.String:
                return new IntOrString(0, node.Text);
            case NodeKind.Number when int.TryParse(node.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number):
                return number;
            default:
                r.FieldError(name, $"{name} must be a whole number or text.", DiagnosticCodes.WrongType);
                return null;
        }
    }
}
