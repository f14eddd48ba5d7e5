using System;
using System.Globalization;
using Weft.Http;
using Weft.Http.Http1;
using Weft.Policy.Model;
using Weft.Policy.Blocks;
using Weft.Proxy.Workers;

namespace Weft.Proxy.Http;

/// <summary>Writes the head of an answer for the client: the upstream's fields as they came, what configuration changes, and what belongs to our hop.</summary>
internal static class ResponseHead
{
    /// <summary>The head; empty if it does not fit. Valid until the next head of this loop.</summary>
    public static ReadOnlySpan<byte> Write(Exchange exchange, scoped in Http1Head head, in ResponsePlan plan)
    {
        var worker = exchange.Worker;
        var edits = worker.Edits;
        edits.Clear();
        head.Headers.Drop(KnownHeader.XEnvoyPeerMetadata);
        head.Headers.Drop(KnownHeader.XEnvoyPeerMetadataId);
        Finish(exchange, head.Headers, edits, head.Status);
        var writer = new Http1HeadWriter(worker.HeadScratch);
        writer.StatusLine(head.Status, head.Reason);
        // A length that came with a body of another framing was refused by the codec; on HEAD and 304 it describes what is not sent, and stays.
        writer.Fields(head.Headers);
        edits.WriteTo(ref writer);
        if (plan.Framing == BodyFraming.Chunked) writer.Framing(BodyFraming.Chunked);
        WriteConnection(ref writer, plan);
        writer.End();
        return writer.Overflowed || edits.HasOverflowed ? default : worker.HeadScratch.AsSpan(0, writer.Written);
    }

    /// <summary>What every answer gets, ours included: operations of configuration, server, date, service time.</summary>
    public static void Finish(Exchange exchange, scoped in HeaderBlock headers, HeaderEdits edits, int status)
    {
        ref readonly var record = ref exchange.Record;
        SetServer(exchange, headers, edits);
        if (!headers.Has(KnownHeader.Date)) edits.Add("date"u8, exchange.Worker.HttpDate());
        if (record.ServiceMicroseconds >= 0)
        {
            Span<byte> digits = stackalloc byte[20];
            (record.ServiceMicroseconds / 1000).TryFormat(digits, out int length, default, CultureInfo.InvariantCulture);
            edits.Set(headers, "x-envoy-upstream-service-time"u8, digits[..length]);
        }
        if (record.IncludesAttemptsInResponse && record.Attempts > 0)
        {
            Span<byte> digits = stackalloc byte[10];
            record.Attempts.TryFormat(digits, out int length, default, CultureInfo.InvariantCulture);
            edits.Set(headers, "x-envoy-attempt-count"u8, digits[..length]);
        }
        if (exchange.Server.Manager.Has(HttpManagerFlags.AlwaysSetRequestIdInResponse))
            edits.Set(headers, "x-request-id"u8, exchange.Text[record.RequestId]);
        if (!exchange.ResponseOps.IsEmpty) exchange.ResponseOps.Apply(edits, headers, status);
    }

    public static void WriteConnection(ref Http1HeadWriter writer, in ResponsePlan plan)
    {
        if (!plan.KeepAlive) writer.Raw("Connection: close\r\n"u8);
        else if (plan.WritesKeepAlive) writer.Raw("Connection: keep-alive\r\n"u8);
    }

    /// <summary>The last chunk with the trailers that may travel. Valid until the next head of this loop.</summary>
    public static ReadOnlySpan<byte> Trailers(Worker worker, scoped in HeaderBlock trailers)
    {
        if (trailers.Count == 0) return ChunkWriter.LastChunk;
        var writer = new Http1HeadWriter(worker.HeadScratch);
        writer.Raw(ChunkWriter.LastChunkBeforeTrailers);
        writer.Fields(trailers);
        writer.End();
        return writer.Overflowed ? ChunkWriter.LastChunk : worker.HeadScratch.AsSpan(0, writer.Written);
    }

    private static void SetServer(Exchange exchange, scoped in HeaderBlock headers, HeaderEdits edits)
    {
        var mode = exchange.Server.Manager.ServerHeader;
        if (mode == ServerHeaderMode.PassThrough || (mode == ServerHeaderMode.AppendIfAbsent && headers.Has(KnownHeader.Server))) return;
        edits.Set(headers, "server"u8, exchange.Server.ServerName);
    }
}
