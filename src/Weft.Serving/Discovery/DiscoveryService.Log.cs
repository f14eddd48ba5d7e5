using Microsoft.Extensions.Logging;
using Weft.Control.Derivation;

namespace Weft.Serving.Discovery;

public sealed partial class DiscoveryService
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Information, EventName = "ProxyConnected",
        Message = "Proxy {Proxy} connected: {Kind}, dialect {Dialect}, version {Version}, as {Caller}")]
    private partial void LogConnected(string proxy, ProxyKind kind, Dialect dialect, string version, string caller);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, EventName = "ProxyDisconnected", Message = "Proxy {Proxy} disconnected")]
    private partial void LogDisconnected(string proxy);

    [LoggerMessage(EventId = 3, Level = LogLevel.Warning, EventName = "PushRejected", Message = "Proxy {Proxy} rejected {Type} and keeps what it had: {Reason}")]
    private partial void LogRejected(string proxy, string type, string reason);

    [LoggerMessage(EventId = 4, Level = LogLevel.Warning, EventName = "IdentityDenied",
        Message = "{Caller} asked for the configuration of {Proxy} (namespace {Namespace}, service account {ServiceAccount}) and was denied")]
    private partial void LogDenied(string caller, string proxy, string @namespace, string serviceAccount);
}
