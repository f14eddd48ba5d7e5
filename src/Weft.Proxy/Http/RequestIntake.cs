using System;
using Weft.Http;
using Weft.Http.Http1;
using Weft.Policy.Model;
using Weft.Policy.Blocks;
using Weft.Policy.Decide;
using Weft.Policy.Snapshot;
using Weft.Policy.Trace;
using Weft.Proxy.Downstream;
using Weft.Proxy.Respond;
using Weft.Telemetry.Tracing;

namespace Weft.Proxy.Http;

/// <summary>
/// From a received head to the head that goes upstream: the canonical form, what a client may not say is stripped, the request is decided, and the
/// configured changes are made. What is matched here is what is logged and sent. Loop thread; no state of its own; no allocation.
/// </summary>
internal static class RequestIntake
{
    private const int LongestRequestId = 256;

    /// <summary>Takes a request; None: it was dispatched to a cluster. Otherwise the answer it deserves.</summary>
    public static LocalReply Take(Exchange exchange, scoped in Http1Head head)
    {
        var worker = exchange.Worker;
        var scratch = worker.PathScratch.AsSpan();
        var reply = Canonicalise(head, scratch, out var authority, out var path);
        Describe(exchange, head, authority, path);
        if (reply != LocalReply.None) return reply;
        ref readonly var manager = ref exchange.Server.Manager;
        if (manager.Underscores != UnderscoresAction.Allow && !UnderscoresPass(head.Headers, manager.Underscores)) return LocalReply.UnderscoreInHeader;

        var edits = worker.Edits;
        edits.Clear();
        TakeRequestId(exchange, head.Headers, edits);
        ClientHeaders.Clean(exchange, head.Headers, edits);
        exchange.Record.ForwardedFor = exchange.Text.Add(ClientHeaders.ForwardedFor(head.Headers, edits), 256);
        if (!head.UpgradeProtocol.IsEmpty) worker.Shard.Increment(worker.Metrics.UpgradesRefused);
        if (IsWebSocket(head.UpgradeProtocol)) return LocalReply.UpgradeRefused;

        var view = new RequestView
        {
            Method = head.MethodBytes,
            Scheme = ClientHeaders.Scheme(exchange, head.Headers, edits),
            Authority = authority,
            Path = path,
            Query = head.Query,
            Headers = head.Headers,
        };
        return Decide(exchange, head, view, edits);
    }

    /// <summary>Only what the log wants of a request that is refused before anything is decided.</summary>
    public static LocalReply Describe(Exchange exchange, scoped in Http1Head head, LocalReply reply)
    {
        Describe(exchange, head, head.Authority, head.Path);
        return reply;
    }

    private static LocalReply Canonicalise(scoped in Http1Head head, Span<byte> scratch, out ReadOnlySpan<byte> authority, out ReadOnlySpan<byte> path)
    {
        authority = head.Authority;
        path = head.Path;
        if (authority.IsEmpty) return LocalReply.MissingHost;
        var hostRoom = scratch[..CanonicalAuthority.MaxLength];
        switch (head.NormalizeAuthority(hostRoom, out var parts))
        {
            case Canonical.Rejected:
                return LocalReply.InvalidAuthority;
            case Canonical.Rewritten:
                authority = hostRoom[..parts.Length];
                break;
        }
        if (head.TargetForm == TargetForm.Asterisk) return LocalReply.None;
        var pathRoom = scratch[CanonicalAuthority.MaxLength..];
        switch (CanonicalPath.Normalize(path, pathRoom, out int length))
        {
            case Canonical.Rejected:
                return LocalReply.PathNormalizationFailed;
            case Canonical.Rewritten:
                path = pathRoom[..length];
                break;
        }
        return LocalReply.None;
    }

    private static void Describe(Exchange exchange, scoped in Http1Head head, ReadOnlySpan<byte> authority, ReadOnlySpan<byte> path)
    {
        ref var record = ref exchange.Record;
        ref var text = ref exchange.Text;
        record.Method = head.Method;
        record.Version = head.Version;
        record.KeepAlive = head.KeepAlive;
        record.ExpectsContinue = head.ExpectsContinue;
        record.AcceptsTrailers = head.AcceptsTrailers;
        record.RequestHeadBytes = head.Bytes.Length;
        record.MethodText = text.Add(head.MethodBytes, 64);
        record.RequestId = head.Headers.TryGet(KnownHeader.XRequestId, out var id) ? text.Add(id, LongestRequestId) : default;
        record.Path = text.Add(path);
        record.Query = text.Add(head.Query);
        record.Authority = text.Add(authority, 260);
        record.UserAgent = head.Headers.TryGet(KnownHeader.UserAgent, out var agent) ? text.Add(agent, 256) : default;
        record.IsGrpc = head.Headers.TryGet(KnownHeader.ContentType, out var type) && type.StartsWith("application/grpc"u8);
    }

    private static void TakeRequestId(Exchange exchange, scoped in HeaderBlock headers, HeaderEdits edits)
    {
        ref var record = ref exchange.Record;
        int index = headers.Find(KnownHeader.XRequestId);
        // One id names a request: several, an empty one or one too long to be drawn by is replaced.
        if (index >= 0 && headers.Value(index).Length is > 0 and <= LongestRequestId && headers.Find(KnownHeader.XRequestId, index + 1) < 0) return;
        headers.Drop(KnownHeader.XRequestId);
        Span<byte> id = stackalloc byte[RequestIdGenerator.TextLength];
        exchange.Worker.WriteRequestId(id);
        record.RequestId = exchange.Text.Add(id);
        edits.Add("x-request-id"u8, id);
    }

    private static LocalReply Decide(Exchange exchange, scoped in Http1Head head, scoped in RequestView view, HeaderEdits edits)
    {
        var worker = exchange.Worker;
        var connection = exchange.Connection;
        var snapshot = worker.Snapshot;
        var trace = default(NoTrace);
        var table = snapshot.RouteTableOf(connection.Listener, connection.Terminal);
        var choice = RequestDecision.Decide(snapshot, table, view, exchange.Text[exchange.Record.RequestId], ref trace);
        exchange.Note(choice);
        if (choice.VirtualHost.IsNone) return choice.Outcome == RequestOutcome.RouteConfigurationNotFound ? LocalReply.RouteConfigurationNotFound : LocalReply.RouteNotFound;

        var host = snapshot.VirtualHost(choice.VirtualHost);
        exchange.Record.IncludesAttemptsInResponse = host.Root.IncludeAttemptCountInResponse != 0;
        NoteRoute(exchange, host, choice);
        var format = new RequestFormat(exchange, view);
        foreach (var op in HeaderOps.ForResponse(snapshot, choice)) exchange.ResponseOps.Add(op, ref format, worker.ValueScratch);
        switch (choice.Outcome)
        {
            case RequestOutcome.NoRoute:
            case RequestOutcome.NoVirtualHost:
                return LocalReply.RouteNotFound;
            case RequestOutcome.TlsRequired:
                return Locate(exchange, RedirectDecision.TryWriteHttpsLocation(view, worker.HeadScratch, out int https), https, 301, LocalReply.TlsRequired);
            case RequestOutcome.Redirect:
                ref readonly var redirect = ref host.Redirect(host.Route(choice.RouteIndex));
                bool fits = RedirectDecision.TryWriteLocation(host, choice.RouteIndex, view, worker.RegexScratch, worker.HeadScratch, out int written);
                return Locate(exchange, fits, written, redirect.ResponseCode, LocalReply.Redirect);
            case RequestOutcome.DirectResponse:
                exchange.Record.Status = host.DirectResponse(host.Route(choice.RouteIndex)).Status;
                return LocalReply.DirectResponse;
            case RequestOutcome.ClusterNotFound:
                exchange.Record.Status = host.Action(host.Route(choice.RouteIndex)).ClusterNotFoundStatus;
                return LocalReply.ClusterNotFound;
            default:
                return Forward(exchange, head, view, edits, host, choice, ref format);
        }
    }

    private static LocalReply Forward(
        Exchange exchange, scoped in Http1Head head, scoped in RequestView view, HeaderEdits edits, VirtualHostView host, in RequestChoice choice, ref RequestFormat format)
    {
        var worker = exchange.Worker;
        if (worker.Cluster(choice.Cluster) is not { } cluster) return LocalReply.ClusterNotFound;
        var trace = default(NoTrace);
        var timeouts = TimeoutDecision.Of(host, choice.RouteIndex, exchange.Server.Manager, ref trace);
        var path = view.Path;
        switch (PathRewrite.Apply(host, choice.RouteIndex, path, worker.RegexScratch, worker.RewriteScratch, out int length))
        {
            case RewriteResult.Rewritten:
                edits.Set(head.Headers, "x-envoy-original-path"u8, path);
                path = worker.RewriteScratch.AsSpan(0, length);
                break;
            case RewriteResult.TooLong:
                return LocalReply.HeadTooLarge;
        }
        var authority = PathRewrite.Host(host, choice);
        if (authority.IsEmpty) authority = view.Authority;
        else if (host.Action(host.Route(choice.RouteIndex)).AppendXForwardedHost != 0) edits.Add("x-forwarded-host"u8, view.Authority);
        ApplyRequestOps(worker.ValueScratch, worker.Snapshot, choice, head.Headers, edits, ref format);
        bool sendsAttempts = host.Root.IncludeRequestAttemptCount != 0;
        if (sendsAttempts) edits.Remove(head.Headers, "x-envoy-attempt-count"u8);

        var writer = new Http1HeadWriter(worker.HeadScratch);
        writer.RequestLine(head.MethodBytes, path, head.Query);
        writer.Field("Host"u8, authority);
        writer.Fields(head.Headers);
        edits.WriteTo(ref writer);
        if (head.AcceptsTrailers) writer.Raw("TE: trailers\r\nConnection: TE\r\n"u8);
        if (head.ExpectsContinue) writer.Raw("Expect: 100-continue\r\n"u8);
        if (head.Framing == BodyFraming.Chunked) writer.Framing(BodyFraming.Chunked);
        if (writer.Overflowed || edits.HasOverflowed) return LocalReply.HeadTooLarge;
        exchange.Dispatch(choice, cluster, timeouts, worker.HeadScratch.AsSpan(0, writer.Written), sendsAttempts);
        return LocalReply.None;
    }

    private static void ApplyRequestOps(byte[] room, MeshSnapshot snapshot, in RequestChoice choice, scoped in HeaderBlock headers, HeaderEdits edits, ref RequestFormat format)
    {
        foreach (var op in HeaderOps.ForRequest(snapshot, choice))
        {
            if (op.IsRemove) edits.Remove(headers, op.Name);
            else if (op.TryFormat(ref format, room, out int length)) edits.Apply(headers, op.Action, op.KeepsEmptyValue, op.Name, room.AsSpan(0, length));
        }
    }

    private static LocalReply Locate(Exchange exchange, bool fits, int length, int status, LocalReply reply)
    {
        if (!fits) return LocalReply.HeadTooLarge;
        exchange.Record.Location = exchange.Text.Add(exchange.Worker.HeadScratch.AsSpan(0, length), 2048);
        // A location that had to be cut would lead somewhere else.
        if (exchange.Record.Location.Length < length) return LocalReply.HeadTooLarge;
        exchange.Record.Status = status;
        return reply;
    }

    private static void NoteRoute(Exchange exchange, VirtualHostView host, in RequestChoice choice)
    {
        if (choice.RouteIndex < 0) return;
        ref readonly var route = ref host.Route(choice.RouteIndex);
        exchange.Record.RouteName = exchange.Text.Add(host.Block.Utf8(route.Name), 256);
        Span<byte> room = stackalloc byte[384];
        exchange.Record.Origin = exchange.Text.Add(OriginText.Write(host.Block, route.Origins, room));
    }

    private static bool UnderscoresPass(scoped in HeaderBlock headers, UnderscoresAction action)
    {
        for (int i = 0; i < headers.Count; i++)
        {
            if (headers.IsDropped(i) || headers.Name(i).IndexOf((byte)'_') < 0) continue;
            if (action == UnderscoresAction.RejectRequest) return false;
            headers.DropAt(i);
        }
        return true;
    }

    // Ignoring an Upgrade is always allowed, and for h2c the right thing; a WebSocket client would only find out later and worse.
    private static bool IsWebSocket(ReadOnlySpan<byte> protocol) => System.Text.Ascii.EqualsIgnoreCase(protocol, "websocket"u8);
}
