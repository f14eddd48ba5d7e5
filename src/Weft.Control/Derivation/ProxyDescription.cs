using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Google.Protobuf.WellKnownTypes;
using Weft.Xds.Proto.Config.Core.V3;

namespace Weft.Control.Derivation;

/// <summary>Who a proxy is, from the Node of its first request. Immutable.</summary>
public sealed record ProxyDescription
{
    /// <summary>The node id as sent.</summary>
    public required string Id { get; init; }

    public required ProxyKind Kind { get; init; }

    public required Dialect Dialect { get; init; }

    public required string Namespace { get; init; }

    /// <summary>Name of its pod.</summary>
    public required string Name { get; init; }

    public string ServiceAccount { get; init; } = "";

    /// <summary>Used where the pod is not (yet) known.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public ImmutableArray<string> Addresses { get; init; } = [];

    /// <summary>Version words for status: WEFT or ISTIO version, else the user agent.</summary>
    public string Version { get; init; } = "";

    /// <summary>How people name it: <c>pod.namespace</c>.</summary>
    public string DisplayName => Name + "." + Namespace;

    /// <summary>
    /// Reads <c>type~ip~pod.namespace~namespace.svc.domain</c> and the metadata of xds.md A.0. Returns null with a reason when it cannot tell who asks.
    /// </summary>
    public static ProxyDescription? TryRead(Node? node, out string error)
    {
        error = "";
        if (node is null)
        {
            error = "missing node information";
            return null;
        }

        string[] parts = node.Id.Split('~');
        if (parts.Length != 4 || Kinds(parts[0]) is not { } kind)
        {
            error = $"node id '{node.Id}' is not type~ip~name.namespace~domain with type sidecar or router";
            return null;
        }

        Struct metadata = node.Metadata ?? new Struct();
        string ns = Text(metadata, "NAMESPACE");
        int dot = parts[2].LastIndexOf('.');
        string nameFromId = dot < 0 ? parts[2] : parts[2][..dot];
        string namespaceFromId = dot < 0 ? "" : parts[2][(dot + 1)..];
        if (ns.Length > 0 && namespaceFromId.Length > 0 && ns != namespaceFromId)
        {
            error = $"node id says namespace '{namespaceFromId}', its metadata '{ns}'";
            return null;
        }

        string name = Text(metadata, "NAME");
        ns = ns.Length > 0 ? ns : namespaceFromId;
        if (ns.Length == 0 || (name.Length == 0 && nameFromId.Length == 0))
        {
            error = $"node id '{node.Id}' names no namespace";
            return null;
        }

        string ips = Text(metadata, "INSTANCE_IPS");
        return new ProxyDescription
        {
            Id = node.Id,
            Kind = kind,
            Dialect = Text(metadata, "WEFT_DIALECT") == "weft" ? Dialect.Weft : Text(metadata, "ISTIO_VERSION").Length > 0 ? Dialect.Istio : Dialect.Envoy,
            Namespace = ns,
            Name = name.Length > 0 ? name : nameFromId,
            ServiceAccount = Text(metadata, "SERVICE_ACCOUNT"),
            Labels = metadata.Fields.TryGetValue("LABELS", out Value? labels) && labels.StructValue is { } map
                ? map.Fields.ToImmutableSortedDictionary(f => f.Key, f => f.Value.StringValue, StringComparer.Ordinal)
                : ImmutableSortedDictionary<string, string>.Empty,
            Addresses = ips.Length > 0 ? [.. ips.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)] : [parts[1]],
            Version = FirstOf(Text(metadata, "WEFT_VERSION"), Text(metadata, "ISTIO_VERSION"), node.UserAgentVersion, node.UserAgentName),
        };
    }

    private static ProxyKind? Kinds(string word) => word switch { "sidecar" => ProxyKind.Sidecar, "router" => ProxyKind.Router, _ => null };

    private static string Text(Struct metadata, string key) =>
        metadata.Fields.TryGetValue(key, out Value? value) && value.KindCase == Value.KindOneofCase.StringValue ? value.StringValue : "";

    private static string FirstOf(params IEnumerable<string> words) => words.FirstOrDefault(w => w.Length > 0) ?? "";
}
