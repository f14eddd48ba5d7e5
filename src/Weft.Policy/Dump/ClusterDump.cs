using System.Text.Json;
using Weft.Policy.Blocks;
using Weft.Policy.Model;

namespace Weft.Policy.Dump;

/// <summary>A cluster as <c>envoy.config.cluster.v3.Cluster</c>.</summary>
internal static class ClusterDump
{
    public static void Write(Utf8JsonWriter json, ClusterView cluster)
    {
        var writer = new DumpWriter(json, cluster.Block);
        ref readonly ClusterRecord root = ref cluster.Root;
        json.WriteStartObject();
        writer.Type("envoy.config.cluster.v3.Cluster");
        json.WriteString("name", cluster.Name);
        writer.Text("alt_stat_name", root.AltStatName);
        json.WriteString("type", DumpNames.Of(root.Type));
        Endpoints(writer, cluster, root);
        writer.Duration("connect_timeout", root.ConnectTimeout);
        json.WriteString("lb_policy", DumpNames.Upper(root.LoadBalancing.ToString()));
        if (root.ChoiceCount != 0)
        {
            json.WriteStartObject("least_request_lb_config");
            json.WriteNumber("choice_count", root.ChoiceCount);
            json.WriteEndObject();
        }

        CircuitBreakers(writer, root);
        Http(writer, root);
        Connections(writer, root);
        Metadata(writer, cluster, root);
        Sockets(writer, cluster);
        json.WriteEndObject();
    }

    private static void Endpoints(DumpWriter writer, ClusterView cluster, in ClusterRecord root)
    {
        if (root.Type == ClusterType.Eds)
        {
            writer.Json.WriteStartObject("eds_cluster_config");
            writer.Text("service_name", root.EndpointSet);
            writer.Json.WriteEndObject();
        }
        else if (!cluster.InlineEndpoints.IsEmpty)
        {
            writer.Json.WritePropertyName("load_assignment");
            EndpointDump.Write(writer.Json, cluster.InlineEndpoints, withType: false);
        }
    }

    private static void CircuitBreakers(DumpWriter writer, in ClusterRecord root)
    {
        writer.Json.WriteStartObject("circuit_breakers");
        writer.Json.WriteStartArray("thresholds");
        writer.Json.WriteStartObject();
        writer.Json.WriteNumber("max_connections", root.Limits.MaxConnections);
        writer.Json.WriteNumber("max_pending_requests", root.Limits.MaxPendingRequests);
        writer.Json.WriteNumber("max_requests", root.Limits.MaxRequests);
        writer.Json.WriteNumber("max_retries", root.Limits.MaxRetries);
        writer.Json.WriteStartObject("retry_budget");
        writer.Json.WriteStartObject("budget_percent");
        writer.Json.WriteNumber("value", root.RetryBudgetPercentHundredths / 100.0);
        writer.Json.WriteEndObject();
        writer.Json.WriteNumber("min_retry_concurrency", root.RetryBudgetMinConcurrency);
        writer.Json.WriteEndObject();
        writer.Json.WriteEndObject();
        writer.Json.WriteEndArray();
        writer.Json.WriteEndObject();
    }

    private static void Http(DumpWriter writer, in ClusterRecord root)
    {
        writer.Json.WriteStartObject("typed_extension_protocol_options");
        writer.Json.WriteStartObject("envoy.extensions.upstreams.http.v3.HttpProtocolOptions");
        writer.Type("envoy.extensions.upstreams.http.v3.HttpProtocolOptions");
        writer.Json.WriteStartObject("common_http_protocol_options");
        writer.Duration("idle_timeout", root.IdleTimeout);
        writer.Duration("max_connection_duration", root.MaxConnectionDuration);
        writer.Number("max_requests_per_connection", root.MaxRequestsPerConnection);
        writer.Json.WriteEndObject();
        bool usesDownstream = root.HttpProtocol == UpstreamHttpProtocol.UseDownstream;
        writer.Json.WriteStartObject(usesDownstream ? "use_downstream_protocol_config" : "explicit_http_config");
        writer.Json.WriteStartObject(root.HttpProtocol == UpstreamHttpProtocol.Http2 ? "http2_protocol_options" : "http_protocol_options");
        writer.Json.WriteEndObject();
        writer.Json.WriteEndObject();
        writer.Json.WriteEndObject();
        writer.Json.WriteEndObject();
    }

    private static void Connections(DumpWriter writer, in ClusterRecord root)
    {
        if (root.HasBindSource == 1)
        {
            writer.Json.WriteStartObject("upstream_bind_config");
            writer.Json.WriteStartObject("source_address");
            writer.Json.WriteString("address", root.BindSourceAddress.ToString());
            writer.Json.WriteNumber("port_value", root.BindSourcePort);
            writer.Json.WriteEndObject();
            writer.Json.WriteEndObject();
        }

        if (root.TcpKeepalive == default)
            return;
        writer.Json.WriteStartObject("upstream_connection_options");
        writer.Json.WriteStartObject("tcp_keepalive");
        writer.Number("keepalive_probes", root.TcpKeepalive.Probes);
        writer.Number("keepalive_time", root.TcpKeepalive.TimeSeconds);
        writer.Number("keepalive_interval", root.TcpKeepalive.IntervalSeconds);
        writer.Json.WriteEndObject();
        writer.Json.WriteEndObject();
    }

    private static void Metadata(DumpWriter writer, ClusterView cluster, in ClusterRecord root)
    {
        if (cluster.Services.IsEmpty && root.Subset.IsEmpty && root.Origins.IsEmpty)
            return;
        writer.Json.WriteStartObject("metadata");
        writer.Json.WriteStartObject("filter_metadata");
        writer.Json.WriteStartObject("istio");
        writer.Text("subset", root.Subset);
        writer.Json.WriteStartArray("services");
        foreach (ref readonly ServiceRecord service in cluster.Services)
        {
            writer.Json.WriteStartObject();
            writer.Text("host", service.Host);
            writer.Text("name", service.Name);
            writer.Text("namespace", service.Namespace);
            writer.Json.WriteEndObject();
        }

        writer.Json.WriteEndArray();
        writer.Json.WriteEndObject();
        writer.Json.WriteEndObject();
        writer.TypedProvenance(root.Origins);
        writer.Json.WriteEndObject();
    }

    private static void Sockets(DumpWriter writer, ClusterView cluster)
    {
        if (cluster.TransportSockets.IsEmpty)
            return;
        writer.Json.WriteStartArray("transport_socket_matches");
        foreach (ref readonly TransportSocketRecord socket in cluster.TransportSockets)
        {
            writer.Json.WriteStartObject();
            writer.Text("name", socket.Name);
            writer.Pairs("match", socket.Criteria);
            if (socket.Tls < 0)
                TlsDump.RawBuffer(writer);
            else
                TlsDump.Upstream(writer, cluster.Tls(socket.Tls));
            writer.Json.WriteEndObject();
        }

        writer.Json.WriteEndArray();
    }
}
