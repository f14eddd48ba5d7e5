using System;
using System.Globalization;
using Weft.Http;
using Weft.Policy.Blocks;
using Weft.Policy.Decide;
using Weft.Proxy.Pool;

namespace Weft.Proxy.Http;

/// <summary>The facts of a request that header formats may name (xds.md E). Lives on the stack while the request is decided.</summary>
internal readonly ref struct RequestFormat : IFormatValues
{
    private readonly Exchange _exchange;
    private readonly HeaderBlock _headers;
    private readonly RequestView _view;

    public RequestFormat(Exchange exchange, RequestView view)
    {
        _exchange = exchange;
        _view = view;
        _headers = view.Headers;
    }

    public bool TryWrite(FormatOperator op, ReadOnlySpan<byte> argument, Span<byte> destination, out int written)
    {
        var connection = _exchange.Connection;
        switch (op)
        {
            case FormatOperator.Req:
                return Copy(Header(argument), destination, out written);
            case FormatOperator.Resp:
            case FormatOperator.ResponseCode:
                return ResponseOps.TryMark(op, argument, destination, out written);
            case FormatOperator.Protocol:
                return Copy(_exchange.Record.Version == HttpVersion.Http10 ? "HTTP/1.0"u8 : "HTTP/1.1"u8, destination, out written);
            case FormatOperator.DownstreamRemoteAddress:
            case FormatOperator.DownstreamDirectRemoteAddress:
                return connection.Link.RemoteAddress.TryFormat(destination, out written);
            case FormatOperator.DownstreamRemoteAddressWithoutPort:
            case FormatOperator.DownstreamDirectRemoteAddressWithoutPort:
                return connection.Link.RemoteAddress.TryFormatAddress(destination, out written);
            case FormatOperator.DownstreamRemotePort:
                return connection.Link.RemoteAddress.Port.TryFormat(destination, out written, default, CultureInfo.InvariantCulture);
            case FormatOperator.DownstreamLocalAddress:
                return Endpoints.ToNative(connection.Destination).TryFormat(destination, out written);
            case FormatOperator.DownstreamLocalAddressWithoutPort:
                return Endpoints.ToNative(connection.Destination).TryFormatAddress(destination, out written);
            case FormatOperator.DownstreamLocalPort:
                return connection.Destination.Port.TryFormat(destination, out written, default, CultureInfo.InvariantCulture);
            case FormatOperator.DownstreamPeerUriSan:
                return Copy(connection.PeerSpiffeId, destination, out written);
            case FormatOperator.RequestedServerName:
                return Copy(connection.ServerName, destination, out written);
            case FormatOperator.StreamId:
                return Copy(_exchange.Text[_exchange.Record.RequestId], destination, out written);
            case FormatOperator.RouteName:
                return Copy(_exchange.Text[_exchange.Record.RouteName], destination, out written);
            case FormatOperator.UpstreamCluster:
                return Copy(_exchange.Cluster is { } cluster ? cluster.Utf8Name : default, destination, out written);
            case FormatOperator.Hostname:
                return Copy(_exchange.Worker.Utf8Pod, destination, out written);
            default:
                // Known to the builder but not to be had at this point of a request: empty, as Envoy's "-" would be.
                written = 0;
                return true;
        }
    }

    private ReadOnlySpan<byte> Header(ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual(":path"u8)) return _view.Path;
        if (name.SequenceEqual(":authority"u8) || name.SequenceEqual("host"u8)) return _view.Authority;
        if (name.SequenceEqual(":method"u8)) return _view.Method;
        if (name.SequenceEqual(":scheme"u8)) return _view.Scheme;
        return _headers.TryGet(name, out var value) ? value : default;
    }

    private static bool Copy(ReadOnlySpan<byte> text, Span<byte> destination, out int written)
    {
        written = text.Length;
        return text.TryCopyTo(destination);
    }
}
