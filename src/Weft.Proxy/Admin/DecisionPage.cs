using System;
using System.Collections.Generic;
using System.Text;
using System.Text.Json;
using Weft.Proxy.Decisions;
using Weft.Proxy.Lifecycle;
using Weft.Telemetry;

namespace Weft.Proxy.Admin;

/// <summary>/decisions: the rings' records, newest first, of one request id or all that begin with it.</summary>
internal static class DecisionPage
{
    private const int Most = 256;

    public static void Write(ProxyHost host, string requestId, SideResponse response)
    {
        var found = new List<DecisionRecord>();
        byte[] wanted = Encoding.UTF8.GetBytes(requestId.Length > 48 ? requestId[..48] : requestId);
        foreach (var ring in host.Process.Decisions.Rings) ring.Visit(wanted, found.Add);
        found.Sort((a, b) => b.StartMicroseconds.CompareTo(a.StartMicroseconds));
        response.ContentType = "application/json";
        using var json = new Utf8JsonWriter(response.Body, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteStartArray("decisions");
        for (int i = 0; i < Math.Min(found.Count, Most); i++) WriteOne(json, found[i]);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteOne(Utf8JsonWriter json, in DecisionRecord record)
    {
        ReadOnlySpan<byte> id = record.RequestId;
        int end = id.IndexOf((byte)0);
        json.WriteStartObject();
        json.WriteString("request_id", Encoding.UTF8.GetString(end < 0 ? id : id[..end]));
        json.WriteString("snapshot_digest", record.Digest);
        json.WriteString("start_time", DateTime.UnixEpoch.AddMicroseconds(record.StartMicroseconds));
        json.WriteNumber("duration_microseconds", record.DurationMicroseconds);
        json.WriteNumber("listener", record.Listener.Slot);
        json.WriteNumber("filter_chain", record.FilterChain);
        json.WriteNumber("virtual_host", record.VirtualHostSlot);
        json.WriteNumber("route", record.Route);
        json.WriteNumber("weighted_cluster", record.WeightedCluster);
        json.WriteString("cluster", record.Cluster);
        json.WriteNumber("endpoint_sequence", record.EndpointSequence);
        json.WriteString("endpoint", record.Endpoint == default ? "" : record.Endpoint.ToString());
        json.WriteNumber("response_code", record.Status);
        json.WriteString("response_flags", ResponseFlagWords.Text(record.Flags));
        json.WriteNumber("attempts", record.Attempts);
        json.WriteEndObject();
    }
}
