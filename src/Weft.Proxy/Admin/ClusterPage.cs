using System.Collections.Generic;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Weft.Policy;
using Weft.Policy.Blocks;
using Weft.Policy.Model;
using Weft.Proxy.Lifecycle;

namespace Weft.Proxy.Admin;

/// <summary>/clusters in Envoy's text and JSON (xds.md D.2): endpoints of the snapshot with the process's counts.</summary>
internal static class ClusterPage
{
    public static void Write(ProxyHost host, bool asJson, SideResponse response)
    {
        using var reader = host.Snapshots.Register();
        var snapshot = reader.Enter();
        if (!asJson)
        {
            for (int slot = 0; slot < snapshot.Slots(BlockKind.Cluster); slot++)
            {
                var view = new ClusterView(snapshot.Block(BlockKind.Cluster, slot));
                if (!view.IsEmpty) WriteText(host, view, snapshot.EndpointsOf(view), response);
            }
            return;
        }
        response.ContentType = "application/json";
        using var json = new Utf8JsonWriter(response.Body, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteStartArray("cluster_statuses");
        for (int slot = 0; slot < snapshot.Slots(BlockKind.Cluster); slot++)
        {
            var view = new ClusterView(snapshot.Block(BlockKind.Cluster, slot));
            if (!view.IsEmpty) WriteJson(host, view, snapshot.EndpointsOf(view), json);
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteText(ProxyHost host, ClusterView view, EndpointSetView endpoints, SideResponse response)
    {
        string name = Encoding.UTF8.GetString(view.Name);
        var limits = view.Root.Limits;
        var breaker = host.Process.Cells.Breaker(name);
        response.WriteLine($"{name}::observability_name::{name}");
        response.WriteLine($"{name}::default_priority::max_connections::{limits.MaxConnections}");
        response.WriteLine($"{name}::default_priority::max_pending_requests::{limits.MaxPendingRequests}");
        response.WriteLine($"{name}::default_priority::max_requests::{limits.MaxRequests}");
        response.WriteLine($"{name}::default_priority::max_retries::{limits.MaxRetries}");
        response.WriteLine($"{name}::added_via_api::true");
        response.WriteLine($"{name}::active::cx={breaker.Connections},pending={breaker.Pending},rq={breaker.Requests},retry={breaker.Retries}");
        if (endpoints.IsEmpty) return;
        foreach (ref readonly var endpoint in endpoints.Endpoints)
        {
            string at = $"{name}::{endpoint.Endpoint}";
            foreach (var (stat, value) in Counts(host, name, endpoint.Endpoint)) response.WriteLine($"{at}::{stat}::{value}");
            response.WriteLine($"{at}::health_flags::{(endpoint.IsReady ? "healthy" : "/failed_eds_health")}");
            response.WriteLine($"{at}::weight::{endpoint.Weight}");
            response.WriteLine($"{at}::priority::{endpoint.Priority}");
        }
    }

    private static void WriteJson(ProxyHost host, ClusterView view, EndpointSetView endpoints, Utf8JsonWriter json)
    {
        string name = Encoding.UTF8.GetString(view.Name);
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteBoolean("added_via_api", true);
        json.WriteString("observability_name", name);
        json.WriteStartArray("host_statuses");
        foreach (ref readonly var endpoint in endpoints.IsEmpty ? default : endpoints.Endpoints)
        {
            json.WriteStartObject();
            json.WriteStartObject("address");
            json.WriteStartObject("socket_address");
            json.WriteString("address", endpoint.Address.ToString());
            json.WriteNumber("port_value", endpoint.Port);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteStartArray("stats");
            foreach (var (stat, value) in Counts(host, name, endpoint.Endpoint))
            {
                json.WriteStartObject();
                json.WriteString("name", stat);
                json.WriteString("value", value.ToString(CultureInfo.InvariantCulture));
                if (stat.EndsWith("_active", System.StringComparison.Ordinal)) json.WriteString("type", "GAUGE");
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteStartObject("health_status");
            json.WriteString("eds_health_status", endpoint.Health == EndpointHealth.Unknown ? "HEALTHY" : endpoint.Health.ToString().ToUpperInvariant());
            json.WriteEndObject();
            json.WriteNumber("weight", endpoint.Weight);
            json.WriteNumber("priority", endpoint.Priority);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static IEnumerable<(string Name, long Value)> Counts(ProxyHost host, string cluster, IpPort address)
    {
        var cell = host.Process.Cells.Endpoint(cluster, address);
        yield return ("cx_active", cell.Connections);
        yield return ("cx_connect_fail", cell.ConnectFailures);
        yield return ("cx_total", cell.ConnectionsTotal);
        yield return ("rq_active", cell.Active);
        yield return ("rq_error", cell.Errors);
        yield return ("rq_success", cell.Successes);
        yield return ("rq_timeout", cell.Timeouts);
        yield return ("rq_total", cell.Total);
    }
}
