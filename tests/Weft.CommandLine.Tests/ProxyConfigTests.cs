using System;
using System.IO;
using System.Text.Json;
using Weft.CommandLine.Commands.ProxyConfig;
using Weft.CommandLine.Mesh;
using Weft.CommandLine.Output;

namespace Weft.CommandLine.Tests;

public sealed class ProxyConfigTests
{
    private const string Dump = """
        {"configs": [
          {"@type": "type.googleapis.com/envoy.admin.v3.ClustersConfigDump", "dynamic_active_clusters": [
            {"version_info": "1", "cluster": {"name": "outbound|8080|v2|forecast.grid.svc.cluster.local", "type": "EDS", "metadata": {"typed_filter_metadata":
              {"weft.dev/provenance": {"origins": [{"kind": "DestinationRule", "namespace": "grid", "name": "forecast", "field_path": "spec.subsets[1]"}]}}}}},
            {"version_info": "1", "cluster": {"name": "BlackHoleCluster", "type": "STATIC"}}]},
          {"@type": "type.googleapis.com/envoy.admin.v3.ListenersConfigDump", "dynamic_listeners": [{"name": "0.0.0.0_8080", "active_state": {"listener":
            {"name": "0.0.0.0_8080", "address": {"socket_address": {"address": "0.0.0.0", "port_value": 8080}}, "filter_chains": [
              {"filter_chain_match": {"transport_protocol": "raw_buffer", "application_protocols": ["http/1.1"]}, "filters": [{"typed_config": {"rds": {"route_config_name": "8080"}}}]}],
             "default_filter_chain": {"filters": [{"typed_config": {"cluster": "PassthroughCluster"}}]}}}}]},
          {"@type": "type.googleapis.com/envoy.admin.v3.RoutesConfigDump", "dynamic_route_configs": [{"route_config": {"name": "8080", "virtual_hosts": [
            {"name": "forecast:8080", "domains": ["forecast", "forecast.grid", "10.96.0.3"], "routes": [
              {"match": {"prefix": "/", "headers": [{"name": "x-canary"}]}, "route": {"cluster": "outbound|8080|v2|forecast"},
               "metadata": {"filter_metadata": {"istio": {"config": "/apis/networking.istio.io/v1/namespaces/grid/virtual-service/forecast"}}}}]}]}}]},
          {"@type": "type.googleapis.com/envoy.admin.v3.EndpointsConfigDump", "dynamic_endpoint_configs": [{"endpoint_config": {"cluster_name": "c", "endpoints": [
            {"locality": {"region": "north"}, "lb_endpoints": [{"endpoint": {"address": {"socket_address": {"address": "10.244.0.7", "port_value": 8080}}},
              "health_status": "HEALTHY", "metadata": {"filter_metadata": {"envoy.transport_socket_match": {"tlsMode": "istio"}}}}]}]}}]}]}
        """;

    private static readonly DumpFilter Everything = new(null, null, null, null, null, null, null);

    [Fact]
    public void Clusters_NameOfFourParts_IsTakenApartAndTheDestinationRuleNamed()
    {
        string[] lines = Lines(dump => ClusterTable.Render(dump, Everything));

        Assert.Equal(["forecast.grid.svc.cluster.local", "8080", "v2", "outbound", "EDS", "forecast.grid"], Cells(lines[1]));
        Assert.Equal(["BlackHoleCluster", "-", "-", "-", "STATIC"], Cells(lines[2]));
    }

    [Fact]
    public void Clusters_DirectionFilter_LeavesTheOthersOut() =>
        Assert.Equal(2, Lines(dump => ClusterTable.Render(dump, Everything with { Direction = "outbound" })).Length);

    [Fact]
    public void Listeners_ChainAndDefaultChain_AreRowsWithTheirDestinations()
    {
        string[] lines = Lines(dump => ListenerTable.Render(dump, Everything));

        Assert.Contains("Trans: raw_buffer; App: http/1.1", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("Route: 8080", lines[1], StringComparison.Ordinal);
        Assert.Equal(["0.0.0.0", "8080", "ALL", "PassthroughCluster"], Cells(lines[2]));
    }

    [Fact]
    public void Routes_IstiodMetadata_NamesTheVirtualService()
    {
        string line = Lines(dump => RouteTable.Render(dump, Everything))[1];

        Assert.Contains("forecast, forecast.grid + 1 more...", line, StringComparison.Ordinal);
        Assert.Contains("/* + 1 matcher", line, StringComparison.Ordinal);
        Assert.EndsWith("forecast.grid", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Endpoints_TlsMode_IsShown() =>
        Assert.Equal(["10.244.0.7:8080", "HEALTHY", "istio", "north", "c"], Cells(Lines(dump => EndpointTable.Render(dump, Everything))[1]));

    private static string[] Lines(Func<ConfigDump, Columns> render)
    {
        using ConfigDump dump = new(JsonDocument.Parse(Dump));
        using StringWriter text = new();
        render(dump).Write(text);
        return text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string[] Cells(string line) => line.Split("   ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
