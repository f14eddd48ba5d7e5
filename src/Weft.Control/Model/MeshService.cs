using System;
using System.Collections.Immutable;
using Weft.Config;

namespace Weft.Control.Model;

/// <summary>A service as the mesh sees it: a host name with ports. Immutable.</summary>
public sealed record MeshService
{
    public required string Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>Fully qualified name, for example <c>forecast.grid.svc.cluster.local</c>.</summary>
    public required string Host { get; init; }

    /// <summary>IPv4 virtual addresses; empty for a headless service.</summary>
    public ImmutableArray<string> ClusterIps { get; init; } = [];

    /// <summary>clusterIP None: clients talk to pod addresses.</summary>
    public bool IsHeadless { get; init; }

    public ImmutableArray<MeshPort> Ports { get; init; } = [];

    /// <summary>Labels of the pods behind it; empty = none (endpoints are made by someone else).</summary>
    public ImmutableSortedDictionary<string, string> Selector { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public ExportScope ExportTo { get; init; } = ExportScope.Everywhere;

    /// <summary>For "older first"; equal when unknown.</summary>
    public DateTimeOffset Created { get; init; }

    public required Origin Origin { get; init; }

    public MeshPort? PortByNumber(int number)
    {
        foreach (MeshPort port in Ports)
        {
            if (port.Number == number && port.Protocol != PortProtocol.Udp)
            {
                return port;
            }
        }

        return null;
    }
}
