using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Weft.Control.Collections;
using Weft.Control.Derivation;
using Weft.Serving.Discovery;
using Weft.Serving.Publishing;

namespace Weft.Serving.Pages;

/// <summary>Health, metrics and the debug pages that the command line reads. Nothing here holds a key or a token (T84): secrets never enter the accepted set, and the only secret resource is the public trust bundle.</summary>
internal sealed class StatusPages(MeshPublisher publisher, ProxyRegistry registry, DiscoveryMetrics metrics, TimeProvider clock)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", static () => Results.Text("ok\n"));
        routes.MapGet("/ready", Ready);
        routes.MapGet("/metrics", Metrics);
        routes.MapGet("/debug/syncz", Syncz);
        routes.MapGet("/debug/digest", http => Json(http, StatusCodes.Status200OK, w => DigestPage.Write(w, publisher)));
        routes.MapGet("/debug/diagnostics", http => Json(http, StatusCodes.Status200OK, w => DigestPage.Write(w, publisher)));
        routes.MapGet("/debug/provenance", Provenance);
        routes.MapGet("/debug/resources", Resources);
        routes.MapGet("/debug/wait", Wait);
    }

    private Task Ready(HttpContext http)
    {
        http.Response.StatusCode = publisher.Current is null ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        return http.Response.WriteAsync(publisher.Current is null ? "waiting for the sources to sync\n" : "ready\n", http.RequestAborted);
    }

    private Task Metrics(HttpContext http)
    {
        var text = new StringBuilder();
        metrics.Write(text);
        DiscoveryMetrics.Line(text, "pilot_xds", registry.Count);
        if (publisher.Current is { } version)
        {
            DiscoveryMetrics.Line(text, "pilot_services", version.Mesh.Model.Services.Length);
            DiscoveryMetrics.Line(text, "weft_objects_accepted", version.State.Count);
            DiscoveryMetrics.Line(text, "weft_objects_refused", version.State.Refused.Count);
            DiscoveryMetrics.Line(text, "weft_publications_total", version.Number);
        }

        DiscoveryMetrics.Line(text, "weft_source_synced", publisher.IsSynced ? 1 : 0);
        http.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        return http.Response.WriteAsync(text.ToString(), http.RequestAborted);
    }

    private Task Syncz(HttpContext http) => Json(http, StatusCodes.Status200OK, writer =>
    {
        writer.WriteString("acceptedDigest", publisher.Current?.State.Digest ?? "");
        writer.WriteString("sourceRevision", publisher.SourceRevision.ToString(CultureInfo.InvariantCulture));
        writer.WriteStartArray("proxies");
        foreach (ConnectionStatus status in registry.Statuses)
        {
            SynczPage.Write(writer, status);
        }

        writer.WriteEndArray();
    });

    private Task Provenance(HttpContext http)
    {
        string digest = http.Request.Query["digest"].ToString();
        MeshState? state = publisher.SideTables.Find(digest);
        return state is null
            ? Json(http, StatusCodes.Status404NotFound, w => w.WriteString("error", $"no accepted set with digest '{digest}' is remembered"))
            : Json(http, StatusCodes.Status200OK, w => ProvenancePage.Write(w, state));
    }

    /// <summary>Exactly what a proxy would be sent, whether it is connected or not.</summary>
    private async Task Resources(HttpContext http)
    {
        string name = http.Request.Query["proxy"].ToString();
        if (publisher.Current is not { } version)
        {
            await Json(http, StatusCodes.Status503ServiceUnavailable, w => w.WriteString("error", "the sources have not synced yet")).ConfigureAwait(false);
            return;
        }

        ProxyDescription? proxy = registry.Statuses.Select(s => s.Proxy).FirstOrDefault(p => p.DisplayName == name) ?? UnconnectedProxies.Find(version.Mesh.Model, name);
        if (proxy is null)
        {
            await Json(http, StatusCodes.Status404NotFound, w => w.WriteString("error", $"there is no pod '{name}': say POD.NAMESPACE")).ConfigureAwait(false);
            return;
        }

        byte[] bytes = UnconnectedProxies.ResourcesOf(version.Mesh.Derive(proxy), clock).ToByteArray();
        http.Response.ContentType = "application/x-protobuf";
        http.Response.ContentLength = bytes.Length;
        await http.Response.Body.WriteAsync(bytes, http.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>Returns when every connected proxy has accepted a state that includes a revision of the source, or has a digest.</summary>
    private async Task Wait(HttpContext http)
    {
        _ = long.TryParse(http.Request.Query["resourceVersion"], NumberStyles.None, CultureInfo.InvariantCulture, out long revision);
        string digest = http.Request.Query["digest"].ToString();
        _ = double.TryParse(http.Request.Query["timeout"], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds);
        TimeSpan timeout = seconds > 0 ? TimeSpan.FromSeconds(Math.Min(seconds, LongestWait.TotalSeconds)) : TimeSpan.FromSeconds(10);
        IReadOnlyList<string> missing = await registry.WaitAsync(
            publisher,
            v => v.SourceRevision >= revision && (digest.Length == 0 || v.State.Digest == digest),
            timeout,
            clock,
            http.RequestAborted).ConfigureAwait(false);

        bool hasRefused = publisher.Current is { } now && DigestPage.HasRefused(now.State);
        int status = missing.Count > 0 ? StatusCodes.Status504GatewayTimeout : hasRefused ? StatusCodes.Status409Conflict : StatusCodes.Status200OK;
        await Json(http, status, writer =>
        {
            writer.WriteBoolean("converged", missing.Count == 0);
            writer.WriteNumber("proxies", registry.Count);
            writer.WriteString("acceptedDigest", publisher.Current?.State.Digest ?? "");
            writer.WriteStartArray("waitingFor");
            foreach (string name in missing)
            {
                writer.WriteStringValue(name);
            }

            writer.WriteEndArray();
            if (hasRefused)
            {
                DigestPage.WriteRefused(writer, publisher.Current!.State);
            }
        }).ConfigureAwait(false);
    }

    private static async Task Json(HttpContext http, int status, Action<Utf8JsonWriter> write)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        await http.Response.Body.WriteAsync(buffer.WrittenMemory, http.RequestAborted).ConfigureAwait(false);
    }
}
