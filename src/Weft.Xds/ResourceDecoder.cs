using System;
using System.Collections.Generic;
using Weft.Policy.Blocks;
using Weft.Policy.Build;
using Weft.Policy.Model;
using Weft.Xds.Reading;
using Weft.Xds.Wire;

namespace Weft.Xds;

/// <summary>
/// From the bytes of one resource to a block: checks every field against what the proxy enforces, reads it into Policy's model, compiles it.
/// Never throws for any bytes, and reports every problem at once. Pure; any thread.
/// </summary>
public static class ResourceDecoder
{
    private static readonly Dictionary<string, (string Message, BlockKind Kind)> Known = new(StringComparer.Ordinal)
    {
        [XdsTypes.Cluster] = ("cluster.Cluster", BlockKind.Cluster),
        [XdsTypes.ClusterLoadAssignment] = ("endpoint.ClusterLoadAssignment", BlockKind.EndpointSet),
        [XdsTypes.Listener] = ("listener.Listener", BlockKind.Listener),
        [XdsTypes.RouteConfiguration] = ("route.RouteConfiguration", BlockKind.RouteTable),
        [XdsTypes.VirtualHost] = ("route.VirtualHost", BlockKind.VirtualHost),
        [XdsTypes.Secret] = ("tls.Secret", BlockKind.Secret),
        [XdsTypes.Workload] = ("wl.Workload", BlockKind.Workload),
        [XdsTypes.NameTable] = ("nds.NameTable", BlockKind.NameTable),
    };

    /// <summary>The kind of block that resources of a type become; None when the type is unknown.</summary>
    public static BlockKind KindOf(string typeUrl) => Known.TryGetValue(typeUrl, out var known) ? known.Kind : BlockKind.None;

    /// <summary>
    /// <paramref name="name"/> is the resource's name on the wire; <paramref name="message"/> the value of its Any.
    /// </summary>
    public static DecodedResource Decode(string typeUrl, string name, ReadOnlySpan<byte> message)
    {
        ArgumentNullException.ThrowIfNull(typeUrl);
        ArgumentNullException.ThrowIfNull(name);
        if (!Known.TryGetValue(typeUrl, out var known))
        {
            return new DecodedResource(typeUrl, name, null, [new ConfigProblem("", "is of a type that this proxy does not know")], 0, []);
        }

        var report = new WalkReport();
        WireCheck.Run(MessageCatalog.Shared[known.Message], message, report);
        var references = new List<ResourceReference>();
        // What is not a message at all has no second opinion; unknown fields do, so that all problems come at once.
        var image = report.IsMalformed ? null : Read(known.Kind, name, message, report, references);
        return new DecodedResource(typeUrl, name, report.IsClean ? image : null, report.Problems, report.IgnoredFields, references) { MeshKey = report.MeshKey };
    }

    private static BlockImage? Read(BlockKind kind, string name, ReadOnlySpan<byte> message, WalkReport report, List<ResourceReference> references)
    {
        var problems = new ConfigProblems();
        BlockImage? image;
        switch (kind)
        {
            case BlockKind.Cluster:
                var cluster = ClusterReader.Cluster(message, report);
                RequireName(name, cluster.Name, "name", report);
                References.Of(cluster, references);
                image = ClusterBlockBuilder.Build(cluster, problems);
                break;
            case BlockKind.EndpointSet:
                var endpoints = EndpointReader.ClusterLoadAssignment(message, report);
                RequireName(name, endpoints.Name, "cluster_name", report);
                image = EndpointSetBlockBuilder.Build(endpoints, problems);
                break;
            case BlockKind.Listener:
                var listener = ListenerReader.Listener(message, report);
                RequireName(name, listener.Name, "name", report);
                References.Of(listener, references);
                image = ListenerBlockBuilder.Build(listener, problems);
                break;
            case BlockKind.RouteTable:
                var routes = RouteTableReader.RouteConfiguration(message, report);
                RequireName(name, routes.Name, "name", report);
                References.Of(routes, references);
                image = RouteTableBlockBuilder.Build(routes, problems);
                break;
            case BlockKind.VirtualHost:
                var host = RouteTableReader.VirtualHost(message, report);
                RequireHostName(name, host.Name, report);
                References.Of(host, "", references);
                image = VirtualHostBlockBuilder.Build(host, name, problems);
                break;
            case BlockKind.Secret:
                var secret = SecretReader.Secret(message, report);
                RequireName(name, secret.Name, "name", report);
                image = SecretBlockBuilder.Build(secret, problems);
                break;
            case BlockKind.Workload:
                var workload = WorkloadReader.Workload(message, report);
                RequireName(name, workload.Uid, "uid", report);
                image = WorkloadBlockBuilder.Build(workload, problems);
                break;
            default:
                image = NameTableBlockBuilder.Build(NameTableReader.NameTable(name, message, report), problems);
                break;
        }

        report.Merge(problems.Items);
        return image;
    }

    /// <summary>The envelope and the resource must agree: subscriptions and removals go by the former, references by the latter.</summary>
    private static void RequireName(string wireName, string ownName, string field, WalkReport report)
    {
        if (wireName != ownName) report.Add(field, $"is '{ownName}' but the resource was sent as '{wireName}'");
    }

    /// <summary>A virtual host of its own is called ROUTE_CONFIGURATION/VIRTUAL_HOST.</summary>
    private static void RequireHostName(string wireName, string ownName, WalkReport report)
    {
        var slash = wireName.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || wireName[(slash + 1)..] != ownName) report.Add("name", $"is '{ownName}' but the resource was sent as '{wireName}': ROUTE_CONFIGURATION/NAME");
    }
}
