using System.IO;
using System.Linq;
using System.Text.Json;
using Weft.Policy.Dump;
using Weft.Policy.Model;
using Weft.Policy.Snapshot;
using Weft.Policy.Tests.Support;

namespace Weft.Policy.Tests.Snapshot;

public class SnapshotDumpTests
{
    private static readonly JsonElement Configs = Dump();

    [Fact]
    public void Write_Sections_AreEnvoysInItsOrder()
        => Assert.Equal(
            ["ClustersConfigDump", "EndpointsConfigDump", "ListenersConfigDump", "RoutesConfigDump", "SecretsConfigDump"],
            Configs.EnumerateArray().Select(c => c.GetProperty("@type").GetString()!.Split('.')[^1]));

    [Fact]
    public void Write_Cluster_HasTlsMatchesAndProvenance()
    {
        JsonElement cluster = Configs[0].GetProperty("dynamic_active_clusters")[0].GetProperty("cluster");

        Assert.Equal("EDS", cluster.GetProperty("type").GetString());
        Assert.Equal("10s", cluster.GetProperty("connect_timeout").GetString());
        Assert.Equal("LEAST_REQUEST", cluster.GetProperty("lb_policy").GetString());
        JsonElement match = cluster.GetProperty("transport_socket_matches")[0];
        Assert.Equal("istio", match.GetProperty("match").GetProperty("tlsMode").GetString());
        Assert.Equal(
            "outbound_.8080_.v1_.forecast.grid.svc.cluster.local",
            match.GetProperty("transport_socket").GetProperty("typed_config").GetProperty("sni").GetString());
    }

    [Fact]
    public void Write_VirtualHostOfItsOwn_AppearsInline()
    {
        JsonElement host = Configs[3].GetProperty("dynamic_route_configs")[0].GetProperty("route_config").GetProperty("virtual_hosts")[0];

        Assert.Equal("forecast", host.GetProperty("name").GetString());
        JsonElement route = host.GetProperty("routes")[0];
        Assert.Equal("1.5s", route.GetProperty("route").GetProperty("timeout").GetString());
        Assert.Equal("connect-failure,refused-stream", route.GetProperty("route").GetProperty("retry_policy").GetProperty("retry_on").GetString());
        Assert.Equal("%REQ(x-a?x-b):5% 100%%", route.GetProperty("request_headers_to_add")[0].GetProperty("header").GetProperty("value").GetString());
        Assert.Equal(
            "spec.http[0]",
            route.GetProperty("metadata").GetProperty("typed_filter_metadata").GetProperty("weft.dev/provenance").GetProperty("origins")[0].GetProperty("field_path").GetString());
        Assert.Equal("PERMANENT_REDIRECT", host.GetProperty("routes")[1].GetProperty("redirect").GetProperty("response_code").GetString());
    }

    [Fact]
    public void Write_Listener_HasChainsAndInlineRoutesInTheirPlaces()
    {
        JsonElement listener = Configs[2].GetProperty("dynamic_listeners")[0].GetProperty("active_state").GetProperty("listener");

        Assert.Equal("INBOUND", listener.GetProperty("traffic_direction").GetString());
        Assert.Equal(8080, listener.GetProperty("filter_chains")[0].GetProperty("filter_chain_match").GetProperty("destination_port").GetInt32());
        Assert.Equal(2, listener.GetProperty("listener_filters")[1].GetProperty("filter_disabled").GetProperty("or_match").GetProperty("rules").GetArrayLength());
        Assert.Equal("inbound|8080||", Configs[3].GetProperty("static_route_configs")[0].GetProperty("route_config").GetProperty("name").GetString());
    }

    [Fact]
    public void Write_Endpoints_AreGroupedByLocality()
    {
        JsonElement groups = Configs[1].GetProperty("dynamic_endpoint_configs")[0].GetProperty("endpoint_config").GetProperty("endpoints");

        Assert.Equal([2, 1], groups.EnumerateArray().Select(g => g.GetProperty("lb_endpoints").GetArrayLength()));
        Assert.Equal("r", groups[0].GetProperty("locality").GetProperty("region").GetString());
        Assert.Equal("DRAINING", groups[1].GetProperty("lb_endpoints")[0].GetProperty("health_status").GetString());
    }

    private static JsonElement Dump()
    {
        EndpointSetConfig set = Grid.Endpoints("forecast", "10.0.0.1", "10.0.0.2");
        set.Endpoints.ForEach(e => e.Locality = new Locality("r", "z", ""));
        set.Endpoints.Add(Grid.Endpoint("10.0.0.3", EndpointHealth.Draining));
        using SnapshotStore store = Compiled.Store(
            Compiled.Of(Sample.Cluster()),
            Compiled.Of(Sample.Listener()),
            Compiled.Of(new RouteTableConfig { Name = Grid.Table, UsesVhds = true }),
            Compiled.Of(Sample.VirtualHost(), Grid.Table),
            Compiled.Of(set),
            Compiled.Of(new SecretConfig { Name = "ROOTCA", Pem = "-----BEGIN CERTIFICATE-----" }));
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
            SnapshotDump.Write(json, store.Current, includeEndpoints: true);
        return JsonDocument.Parse(stream.ToArray()).RootElement.GetProperty("configs");
    }
}
