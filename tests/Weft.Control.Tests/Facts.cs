using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Weft.Control.Derivation;

namespace Weft.Control.Tests;

/// <summary>What decides where traffic goes, as lines of text that can be compared, from resources in protobuf JSON.</summary>
internal static class Facts
{
    public static IEnumerable<string> OfCluster(JsonElement cluster)
    {
        string name = Text(cluster, "name");
        string thresholds = string.Join(",", Items(cluster, "circuit_breakers", "thresholds").SelectMany(t => t.EnumerateObject())
            .Where(p => p.Value.ToString() != "4294967295" && p.Name != "track_remaining").Select(p => $"{p.Name}={p.Value}").Order(StringComparer.Ordinal));
        yield return $"cluster {name} type={Text(cluster, "type", "STATIC")} lb={Text(cluster, "lb_policy", "ROUND_ROBIN")} connect={Text(cluster, "connect_timeout")} limits=[{thresholds}] bind={Text(Child(Child(cluster, "upstream_bind_config"), "source_address"), "address")}";
        foreach (JsonElement match in Items(cluster, "transport_socket_matches"))
        {
            yield return $"cluster {name} socket {Text(match, "name")} {Tls(Child(match, "transport_socket"), isUpstream: true)}";
        }

        if (cluster.TryGetProperty("transport_socket", out JsonElement socket))
        {
            yield return $"cluster {name} socket {Tls(socket, isUpstream: true)}";
        }

        JsonElement common = Child(Child(Child(cluster, "typed_extension_protocol_options"), "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"), "common_http_protocol_options");
        if (Text(common, "max_requests_per_connection").Length > 0)
        {
            yield return $"cluster {name} max_requests_per_connection={Text(common, "max_requests_per_connection")}";
        }
    }

    public static IEnumerable<string> OfEndpoints(JsonElement assignment)
    {
        string name = Text(assignment, "cluster_name");
        foreach (JsonElement locality in Items(assignment, "endpoints"))
        {
            string where = $"{Text(Child(locality, "locality"), "region")}/{Text(Child(locality, "locality"), "zone")}";
            foreach (JsonElement endpoint in Items(locality, "lb_endpoints"))
            {
                JsonElement address = Child(Child(Child(endpoint, "endpoint"), "address"), "socket_address");
                JsonElement metadata = Child(Child(endpoint, "metadata"), "filter_metadata");
                yield return $"endpoint {name} {Text(address, "address")}:{Text(address, "port_value")} {where} tlsMode={Text(Child(metadata, "envoy.transport_socket_match"), "tlsMode")} workload={Text(Child(metadata, "istio"), "workload")}";
            }
        }
    }

    public static IEnumerable<string> OfListener(JsonElement listener)
    {
        string name = Text(listener, "name");
        JsonElement address = Child(Child(listener, "address"), "socket_address");
        yield return $"listener {name} {Text(address, "address")}:{Text(address, "port_value")} {Text(listener, "traffic_direction")} bind={Text(listener, "bind_to_port", "True")} original_dst={Text(listener, "use_original_dst", "False")}";
        foreach (JsonElement chain in Items(listener, "filter_chains"))
        {
            yield return $"listener {name} {Chain(chain)}";
        }

        if (listener.TryGetProperty("default_filter_chain", out JsonElement last))
        {
            yield return $"listener {name} default {Chain(last)}";
        }
    }

    public static IEnumerable<string> OfRoutes(JsonElement configuration)
    {
        string name = Text(configuration, "name");
        foreach (JsonElement host in Items(configuration, "virtual_hosts"))
        {
            string[] routes = [.. Items(host, "routes").Select(Route)];
            string requirement = Text(host, "require_tls");
            foreach (JsonElement domain in Items(host, "domains"))
            {
                for (int i = 0; i < routes.Length; i++)
                {
                    yield return $"route {name} {domain.GetString()}{(requirement.Length > 0 ? " tls=" + requirement : "")} {i}: {routes[i]}";
                }

                if (routes.Length == 0)
                {
                    yield return $"route {name} {domain.GetString()} none";
                }
            }
        }
    }

    private static string Chain(JsonElement chain)
    {
        JsonElement match = Child(chain, "filter_chain_match");
        string filter = "";
        foreach (JsonElement item in Items(chain, "filters"))
        {
            JsonElement config = Child(item, "typed_config");
            string kind = Text(item, "name");
            if (kind == "envoy.filters.network.tcp_proxy")
            {
                filter = "tcp " + Text(config, "cluster");
            }
            else if (kind == "envoy.filters.network.http_connection_manager")
            {
                JsonElement inline = Child(config, "route_config");
                filter = inline.ValueKind == JsonValueKind.Object
                    ? "http inline " + string.Join(" ", OfRoutes(inline).Select(r => r[r.IndexOf(' ', StringComparison.Ordinal)..].Trim()))
                    : "http rds " + Text(Child(config, "rds"), "route_config_name");
                filter += $" remote={Text(config, "use_remote_address", "False")} xfcc={Text(config, "forward_client_cert_details", "SANITIZE")}";
            }
        }

        string protocols = string.Join(",", Items(match, "application_protocols").Select(p => p.GetString()).Order(StringComparer.Ordinal));
        string tls = chain.TryGetProperty("transport_socket", out JsonElement socket) ? Tls(socket) : "plain";
        return $"chain [{Text(chain, "name")}] port={Text(match, "destination_port")} transport={Text(match, "transport_protocol")} alpn=[{protocols}] names=[{string.Join(",", Items(match, "server_names"))}] {tls} -> {filter}";
    }

    /// <summary>
    /// Upstream ALPN is left out: istiod writes the TCP list on every cluster and lets the filter istio.alpn, which plain Envoy does not have, replace it for each request; we write the list that fits the port's protocol.
    /// </summary>
    private static string Tls(JsonElement socket, bool isUpstream = false)
    {
        if (Text(socket, "name") == "envoy.transport_sockets.raw_buffer")
        {
            return "raw";
        }

        JsonElement config = Child(socket, "typed_config");
        JsonElement common = Child(config, "common_tls_context");
        JsonElement validation = Child(common, "combined_validation_context");
        string names = string.Join(",", Items(validation, "default_validation_context", "match_subject_alt_names").Select(n => n.ToString().Replace(" ", "", StringComparison.Ordinal)));
        string alpn = isUpstream ? "" : string.Join(",", Items(common, "alpn_protocols").Select(p => p.GetString()));
        string min = Text(Child(common, "tls_params"), "tls_minimum_protocol_version");
        return $"tls sni={Text(config, "sni")} client={Text(config, "require_client_certificate")} names=[{names}] alpn=[{alpn}] roots={Text(Child(validation, "validation_context_sds_secret_config"), "name")} min={min}";
    }

    private static string Route(JsonElement route)
    {
        JsonElement match = Child(route, "match");
        string headers = string.Join(" ", Items(match, "headers").Concat(Items(match, "query_parameters")).Select(h => h.ToString().Replace(" ", "", StringComparison.Ordinal)));
        string path = string.Join("", match.EnumerateObject().Where(p => p.Name is "prefix" or "path" or "safe_regex" or "path_separated_prefix").Select(p => p.Name + "=" + p.Value.ToString().Replace(" ", "", StringComparison.Ordinal)));
        string action = "";
        if (route.TryGetProperty("route", out JsonElement forward))
        {
            JsonElement retry = Child(forward, "retry_policy");
            string clusters = string.Join("+", Items(forward, "weighted_clusters", "clusters").Select(c => $"{Text(c, "name")}*{Text(c, "weight")}{Headers(c)}"));
            action = $"to {Text(forward, "cluster")}{clusters} timeout={Text(forward, "timeout")} retry={Text(retry, "num_retries")}:{Text(retry, "retry_on")} rewrite={Text(forward, "prefix_rewrite")} host={Text(forward, "host_rewrite_literal")}";
        }
        else if (route.TryGetProperty("redirect", out JsonElement redirect))
        {
            action = $"redirect {Text(redirect, "host_redirect")} {Text(redirect, "path_redirect")} {Text(redirect, "response_code", "MOVED_PERMANENTLY")}";
        }
        else if (route.TryGetProperty("direct_response", out JsonElement direct))
        {
            action = $"direct {Text(direct, "status")}";
        }

        return $"{Text(route, "name")} {path} case={Text(match, "case_sensitive", "True")} {headers} {action}{Headers(route)}";
    }

    private static string Headers(JsonElement at)
    {
        IEnumerable<string> add = at.EnumerateObject().Where(p => p.Name.EndsWith("_to_add", StringComparison.Ordinal) && p.Value.GetArrayLength() > 0)
            .Select(p => p.Name + "=" + string.Join(";", p.Value.EnumerateArray().Select(h => $"{Text(Child(h, "header"), "key")}:{Text(Child(h, "header"), "value")}:{Text(h, "append_action")}")));
        return string.Concat(add.Select(a => " " + a));
    }

    private static JsonElement Child(JsonElement at, string name) => at.ValueKind == JsonValueKind.Object && at.TryGetProperty(name, out JsonElement child) ? child : default;

    private static string Text(JsonElement at, string name, string otherwise = "")
    {
        JsonElement child = Child(at, name);
        return child.ValueKind == JsonValueKind.Undefined ? otherwise : child.ToString();
    }

    private static IEnumerable<JsonElement> Items(JsonElement at, params string[] path)
    {
        foreach (string step in path)
        {
            at = Child(at, step);
        }

        return at.ValueKind == JsonValueKind.Array ? at.EnumerateArray() : [];
    }
}

/// <summary>Facts of what istiod sent.</summary>
internal static class IstiodFacts
{
    public static SortedSet<string> Read(string file)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(file));
        return Collect(document.RootElement);
    }

    public static SortedSet<string> Collect(JsonElement root)
    {
        var facts = new SortedSet<string>(StringComparer.Ordinal);
        facts.UnionWith(root.GetProperty("clusters").EnumerateArray().SelectMany(Facts.OfCluster));
        facts.UnionWith(root.GetProperty("endpoints").EnumerateArray().SelectMany(Facts.OfEndpoints));
        facts.UnionWith(root.GetProperty("listeners").EnumerateArray().SelectMany(Facts.OfListener));
        facts.UnionWith(root.GetProperty("routes").EnumerateArray().SelectMany(Facts.OfRoutes));
        return facts;
    }
}

/// <summary>Facts of what we derive, by way of the same JSON.</summary>
internal static class OurFacts
{
    private static readonly TypeRegistry Types = TypeRegistry.FromFiles(
        Xds.Proto.Config.Cluster.V3.Cluster.Descriptor.File,
        Xds.Proto.Config.Listener.V3.Listener.Descriptor.File,
        Xds.Proto.Config.Route.V3.RouteConfiguration.Descriptor.File,
        Xds.Proto.Config.Endpoint.V3.ClusterLoadAssignment.Descriptor.File,
        Xds.Proto.Extensions.Filters.Network.HttpConnectionManager.V3.HttpConnectionManager.Descriptor.File,
        Xds.Proto.Extensions.Filters.Network.TcpProxy.V3.TcpProxy.Descriptor.File,
        Xds.Proto.Extensions.Filters.Http.Router.V3.Router.Descriptor.File,
        Xds.Proto.Extensions.Filters.Listener.OriginalDst.V3.OriginalDst.Descriptor.File,
        Xds.Proto.Extensions.Filters.Listener.TlsInspector.V3.TlsInspector.Descriptor.File,
        Xds.Proto.Extensions.Filters.Listener.HttpInspector.V3.HttpInspector.Descriptor.File,
        Xds.Proto.Extensions.TransportSockets.Tls.V3.UpstreamTlsContext.Descriptor.File,
        Xds.Proto.Extensions.TransportSockets.RawBuffer.V3.RawBuffer.Descriptor.File,
        Xds.Proto.Extensions.Upstreams.Http.V3.HttpProtocolOptions.Descriptor.File,
        Xds.Proto.Extensions.Retry.Host.PreviousHosts.V3.PreviousHostsPredicate.Descriptor.File,
        Xds.Proto.Extensions.AccessLoggers.File.V3.FileAccessLog.Descriptor.File);

    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithTypeRegistry(Types).WithPreserveProtoFieldNames(true));

    public static SortedSet<string> Read(ProxySnapshot snapshot)
    {
        string json = $$"""
            {"clusters":[{{Of<Xds.Proto.Config.Cluster.V3.Cluster>(snapshot, XdsTypes.Cluster)}}],
             "endpoints":[{{Of<Xds.Proto.Config.Endpoint.V3.ClusterLoadAssignment>(snapshot, XdsTypes.Endpoints)}}],
             "listeners":[{{Of<Xds.Proto.Config.Listener.V3.Listener>(snapshot, XdsTypes.Listener)}}],
             "routes":[{{Of<Xds.Proto.Config.Route.V3.RouteConfiguration>(snapshot, XdsTypes.Routes)}}]}
            """;
        using JsonDocument document = JsonDocument.Parse(json);
        return IstiodFacts.Collect(document.RootElement);
    }

    private static string Of<T>(ProxySnapshot snapshot, string typeUrl)
        where T : IMessage<T>, new() => string.Join(",", snapshot.Of(typeUrl).Select(r => Formatter.Format(TestMesh.Parse<T>(r))));
}
