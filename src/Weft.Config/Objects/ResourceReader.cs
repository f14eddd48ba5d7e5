using System;
using System.Collections.Generic;
using System.Linq;

namespace Weft.Config;

/// <summary>From tree to object: envelope, typed record, every problem at once. Pure; any thread; never throws on bad input.</summary>
public static class ResourceReader
{
    /// <summary>Reads one document; a <c>List</c> must be expanded first (<see cref="ReadYaml"/> and <see cref="ReadJson"/> do).</summary>
    public static ReadResult Read(ResourceNode document, ReadOptions options)
    {
        if (document.Kind != NodeKind.Mapping)
        {
            return Fail(document, options, DiagnosticCodes.NotAnObject, "", "This document is no Kubernetes object; it needs apiVersion, kind and metadata.");
        }

        string? apiVersion = TextOf(document, "apiVersion");
        string? kindName = TextOf(document, "kind");
        if (string.IsNullOrEmpty(apiVersion) || string.IsNullOrEmpty(kindName))
        {
            string missing = string.IsNullOrEmpty(apiVersion) ? "apiVersion" : "kind";
            return Fail(document, options, DiagnosticCodes.NotAnObject, missing, $"{missing} is missing, so this is no Kubernetes object; add it.");
        }

        (string group, string version) = Kinds.SplitApiVersion(apiVersion);
        KindInfo? kind = Kinds.Find(group, kindName);
        if (kind is null)
        {
            return Unknown(document, options, group, apiVersion, kindName);
        }

        if (!kind.Versions.Contains(version, StringComparer.Ordinal))
        {
            return Fail(document, options, DiagnosticCodes.UnknownKind, "apiVersion",
                $"{kindName} has no version {apiVersion}; use {string.Join(" or ", kind.Versions.Select(v => group.Length == 0 ? v : $"{group}/{v}"))}.");
        }

        return Bind(document, options, kind, apiVersion);
    }

    /// <summary>Reads every document of a YAML text.</summary>
    public static ReadSet ReadYaml(string text, ReadOptions options) => ReadAll(YamlReader.Read(text, options.File, options.Limits), options);

    /// <summary>Reads one JSON object, or a List of them.</summary>
    public static ReadSet ReadJson(ReadOnlySpan<byte> utf8, ReadOptions options) => ReadAll(JsonReader.Read(utf8, options.File, options.Limits), options);

    /// <summary>
    /// Makes an object in code. Throws <see cref="ArgumentException"/> when the tree does not bind. <paramref name="content"/> is the body without
    /// apiVersion, kind and metadata: for a pod <c>{spec, status}</c>.
    /// </summary>
    public static Resource Create(KindInfo kind, ObjectMeta metadata, ResourceNode content)
    {
        ResourceNode document = content.With("apiVersion", kind.ApiVersion).With("kind", kind.Kind);
        ReadResult result = Read(document, ReadOptions.FromApi with { Metadata = metadata });
        return result.Resource is { } resource && !result.IsRefused
            ? resource
            : throw new ArgumentException($"{kind.Kind} {metadata.Namespace}/{metadata.Name} does not bind: {string.Join("; ", result.Diagnostics)}");
    }

    /// <summary>The items of a <c>List</c> (also nested), else the document itself.</summary>
    public static IEnumerable<ResourceNode> Expand(ResourceNode document)
    {
        string kind = TextOf(document, "kind") ?? "";
        if (!kind.EndsWith("List", StringComparison.Ordinal) || document["items"] is not { Kind: NodeKind.Sequence } items)
        {
            yield return document;
            yield break;
        }

        // The items of a typed list carry no kind of their own; those of kind: List do.
        string itemKind = kind[..^4];
        foreach (ResourceNode item in items.Items)
        {
            ResourceNode whole = item;
            if (item.Kind == NodeKind.Mapping && itemKind.Length > 0 && item["kind"] is null)
            {
                whole = item.With("apiVersion", TextOf(document, "apiVersion") ?? "").With("kind", itemKind);
            }

            yield return whole;
        }
    }

    private static ReadSet ReadAll(ParsedDocuments parsed, ReadOptions options)
    {
        var results = new List<ReadResult>();
        foreach (ResourceNode document in parsed.Documents)
        {
            foreach (ResourceNode item in Expand(document))
            {
                results.Add(Read(item, options));
            }
        }

        return new ReadSet(results, parsed.Diagnostics, parsed.IsIncomplete);
    }

    private static ReadResult Bind(ResourceNode document, ReadOptions options, KindInfo kind, string apiVersion)
    {
        var context = new BindContext
        {
            Kind = kind,
            File = options.File,
            IsFile = options.IsFile,
            Key = KeyOf(document, options, kind),
            Places = document.Line > 0 ? null : SourceMaps.FromAnnotations(document["metadata"]?["annotations"]),
        };
        var root = new FieldReader(context, document, "", "", document.Line, document.Column, isSilent: false);
        root.Known("apiVersion", "kind", "metadata");
        ObjectMeta metadata = options.Metadata ?? ReadMetadata(document, context, kind, options);
        Resource resource = KindBinders.Bind(root, kind, apiVersion, metadata, document, options.File);
        return new ReadResult(resource, options.IsFile ? InTextOrder(context.Problems) : context.Problems);
    }

    private static ObjectMeta ReadMetadata(ResourceNode document, BindContext context, KindInfo kind, ReadOptions options)
    {
        if (document["metadata"] is not { Kind: NodeKind.Mapping } node)
        {
            context.Report(DiagnosticSeverity.Error, DiagnosticCodes.Required, "metadata", document.Line, document.Column, "metadata with a name is required; add it.");
            return new ObjectMeta();
        }

        var reader = new FieldReader(context, node, "metadata", "metadata", node.Line, node.Column, isSilent: false);
        ObjectMeta metadata = MetaBinder.Bind(reader, isTemplate: false);
        reader.Done();
        CheckName(reader, metadata, options);
        return kind.IsNamespaced
            ? metadata with { Namespace = metadata.Namespace.Length > 0 ? metadata.Namespace : options.DefaultNamespace }
            : metadata with { Namespace = "" };
    }

    private static void CheckName(FieldReader reader, ObjectMeta metadata, ReadOptions options)
    {
        if (metadata.Name.Length == 0)
        {
            reader.Error(reader.Has("generateName") ? "generateName needs an API server; give the object a name." : "name is required here; add it.", DiagnosticCodes.Required);
        }
        else if (options.IsFile && !IsName(reader.Context.Kind, metadata.Name))
        {
            reader.FieldError("name", $"\"{metadata.Name}\" is no object name; use a-z, 0-9, '-' and '.', starting and ending with a letter or digit.");
        }

        if (options.IsFile && metadata.Namespace.Length > 0 && !Names.IsDnsLabel(metadata.Namespace))
        {
            reader.FieldError("namespace", $"\"{metadata.Namespace}\" is no namespace; use a-z, 0-9 and '-'.");
        }
    }

    /// <summary>RBAC names may hold colons (<c>system:auth-delegator</c>); the API server takes any path segment there.</summary>
    private static bool IsName(KindInfo kind, string name) =>
        kind.Group == "rbac.authorization.k8s.io" ? name.IndexOfAny(['/', '%']) < 0 : Names.IsDnsSubdomain(name);

    private static ReadResult Unknown(ResourceNode document, ReadOptions options, string group, string apiVersion, string kindName)
    {
        KindInfo? elsewhere = Kinds.All.FirstOrDefault(k => k.Kind == kindName);
        string? near = elsewhere is null ? Suggestion.Nearest(kindName, [.. Kinds.Names]) : null;
        string message = elsewhere is not null
            ? $"{kindName} is not in {(group.Length == 0 ? "the core group" : group)}; did you mean apiVersion: {elsewhere.ApiVersion}?"
            : near is not null ? $"The kind {kindName} ({apiVersion}) is not known; did you mean {near}?"
            : $"The kind {kindName} ({apiVersion}) is not known to Weft; it is left alone.";
        bool isTypo = elsewhere is not null || near is not null;
        var at = new SourceLocation(options.File, document["kind"]?.Line ?? document.Line, document["kind"]?.Column ?? document.Column);
        var key = new ObjectKey(group, kindName, TextOf(document["metadata"], "namespace") ?? "", TextOf(document["metadata"], "name") ?? "");
        return new ReadResult(null, [new Diagnostic(isTypo ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning, DiagnosticCodes.UnknownKind, at, key, "kind", message)]);
    }

    private static ReadResult Fail(ResourceNode document, ReadOptions options, string code, string field, string message)
    {
        ResourceNode place = document[field] ?? document;
        return new ReadResult(null, [new Diagnostic(DiagnosticSeverity.Error, code, new SourceLocation(options.File, place.Line, place.Column), null, field, message)]);
    }

    private static ObjectKey KeyOf(ResourceNode document, ReadOptions options, KindInfo kind)
    {
        string name = options.Metadata?.Name ?? TextOf(document["metadata"], "name") ?? "";
        string? ns = options.Metadata?.Namespace ?? TextOf(document["metadata"], "namespace");
        return new ObjectKey(kind.Group, kind.Kind, !kind.IsNamespaced ? "" : string.IsNullOrEmpty(ns) ? options.DefaultNamespace : ns, name);
    }

    private static string? TextOf(ResourceNode? node, string field) => node?[field] is { Kind: NodeKind.String } text ? text.Text : null;

    private static List<Diagnostic> InTextOrder(List<Diagnostic> problems) => [.. problems.OrderBy(p => p.Location.Line).ThenBy(p => p.Location.Column)];
}
