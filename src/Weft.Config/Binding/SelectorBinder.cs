using System;
using System.Collections.Generic;

namespace Weft.Config;

/// <summary>Kubernetes' and Istio's selectors.</summary>
internal static class SelectorBinder
{
    private static readonly WordTable<LabelOperator> Operators = new(
        ("In", LabelOperator.In), ("NotIn", LabelOperator.NotIn), ("Exists", LabelOperator.Exists), ("DoesNotExist", LabelOperator.DoesNotExist));

    internal static LabelSelector LabelSelector(FieldReader r)
    {
        var requirements = new List<LabelRequirement>(Weft.Config.LabelSelector.OfLabels(r.StringMap("matchLabels")).Requirements);
        requirements.AddRange(r.List("matchExpressions", e =>
        {
            var requirement = new LabelRequirement(e.RequiredString("key"), e.Word("operator", Operators) ?? LabelOperator.In, e.Strings("values"));
            if (!e.Has("operator"))
            {
                e.Missing("operator");
            }
            else if (requirement.Operator is LabelOperator.In or LabelOperator.NotIn == (requirement.Values.Count == 0))
            {
                e.FieldError("values", "In and NotIn need values, Exists and DoesNotExist have none.");
            }

            return requirement;
        }));
        return new LabelSelector(requirements);
    }

    /// <summary>Istio's WorkloadSelector: exact labels, no wildcards.</summary>
    internal static IReadOnlyDictionary<string, string> WorkloadSelector(FieldReader r) =>
        r.StringMap("matchLabels", static (reader, field, key, value) =>
        {
            if (key.Length == 0)
            {
                reader.Error(field, DiagnosticCodes.InvalidValue, "key must not be empty");
            }
            else if (key.Contains('*', StringComparison.Ordinal))
            {
                reader.Error(field, DiagnosticCodes.InvalidValue, "wildcard not allowed in label key match");
            }

            if (value.Contains('*', StringComparison.Ordinal))
            {
                reader.Error(field, DiagnosticCodes.InvalidValue, "wildcard not allowed in label value match");
            }

            if (value.Length > 63)
            {
                reader.Error(field, DiagnosticCodes.InvalidValue, "A label value has at most 63 characters: may not be more than 63 bytes.");
            }
        });
}
