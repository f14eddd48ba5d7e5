using System;
using Weft.Http;
using Weft.Http.Http1;
using Weft.Proxy.Http;

namespace Weft.Proxy.Respond;

/// <summary>Writes an answer of our own. Every one has a flag, details and a record; nobody else makes one.</summary>
internal static class LocalResponder
{
    private const int InternalError = 500;

    /// <summary>Answers an exchange whose own answer has not begun.</summary>
    public static void Send(Exchange exchange, LocalReply reply, bool keepAlive)
    {
        ref var record = ref exchange.Record;
        record.Reply = reply;
        record.Details = DetailsOf.Reply;
        record.Flags |= LocalReplies.Flags(reply);
        record.Status = StatusOf(record, reply);
        var worker = exchange.Worker;
        var body = reply == LocalReply.DirectResponse ? DirectBody(exchange) : LocalReplies.Body(reply);
        // The intake's edits concern a request that goes nowhere.
        var edits = worker.Edits;
        edits.Clear();
        var none = default(HeaderBlock);
        ResponseHead.Finish(exchange, none, edits, record.Status);

        bool isBodyless = record.Status is 204 or 304 or < 200;
        var writer = new Http1HeadWriter(worker.HeadScratch);
        writer.StatusLine(record.Status);
        if (!record.Location.IsEmpty) writer.Field("location"u8, exchange.Text[record.Location]);
        if (LocalReplies.IsOverload(reply)) writer.Field("x-envoy-overloaded"u8, "true"u8);
        if (!body.IsEmpty && !isBodyless) writer.Field("content-type"u8, "text/plain"u8);
        edits.WriteTo(ref writer);
        if (!isBodyless) writer.Framing(BodyFraming.Length, body.Length);
        ResponseHead.WriteConnection(ref writer, new ResponsePlan(BodyFraming.Length, keepAlive, keepAlive && record.Version == HttpVersion.Http10));
        writer.End();
        if (writer.Overflowed || edits.HasOverflowed)
        {
            exchange.Server.Link.Send("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8);
            record.Status = InternalError;
            return;
        }
        record.ResponseHeadBytes = writer.Written;
        var head = worker.HeadScratch.AsSpan(0, writer.Written);
        if (record.Method == KnownMethod.Head || isBodyless || body.IsEmpty)
        {
            exchange.Server.Link.Send(head);
            return;
        }
        record.BytesSent = body.Length;
        exchange.Server.Link.Send(head, body);
    }

    private static int StatusOf(in ExchangeRecord record, LocalReply reply) => reply switch
    {
        LocalReply.DownstreamProtocolError when record.Fault != Http1Fault.None => Http1Faults.Status(record.Fault),
        LocalReply.DirectResponse or LocalReply.Redirect or LocalReply.TlsRequired when record.Status != 0 => record.Status,
        LocalReply.ClusterNotFound when record.Status >= 400 => record.Status,
        _ => LocalReplies.Status(reply),
    };

    // Read in the turn that decided, so the block is still there.
    private static ReadOnlySpan<byte> DirectBody(Exchange exchange)
    {
        var host = exchange.Worker.Snapshot.VirtualHost(exchange.Choice.VirtualHost);
        return host.Block.Utf8(host.DirectResponse(host.Route(exchange.Choice.RouteIndex)).Body);
    }
}
