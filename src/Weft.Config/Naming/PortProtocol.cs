using System;

namespace Weft.Config;

/// <summary>What a port carries, as Istio selects it.</summary>
public enum PortProtocol : byte
{
    /// <summary>Not declared: sniff.</summary>
    Unsupported,
    Tcp,
    Udp,
    Http,
    HttpProxy,
    Http2,
    Grpc,
    GrpcWeb,
    Https,
    Tls,
    Mongo,
    Redis,
    MySql,
}

/// <summary>Protocol selection (Istio's <c>pkg/config/kube/conversion.go</c>, reference istio.md 1.0). Pure.</summary>
public static class PortProtocols
{
    /// <summary>The protocol of a service port: UDP first, then appProtocol, then the text of the name before the first dash; well-known TCP ports are not sniffed.</summary>
    /// <param name="port">Service port number.</param>
    /// <param name="name">Port name, may be empty.</param>
    /// <param name="transport">TCP, UDP or SCTP.</param>
    /// <param name="appProtocol">May be null.</param>
    public static PortProtocol Select(int port, string? name, string? transport, string? appProtocol)
    {
        if (string.Equals(transport, "UDP", StringComparison.Ordinal))
        {
            return PortProtocol.Udp;
        }

        string text = appProtocol ?? name ?? "";
        if (appProtocol is not null)
        {
            switch (appProtocol)
            {
                case "kubernetes.io/h2c": return PortProtocol.Http2;
                case "kubernetes.io/ws": return PortProtocol.Http;
                case "kubernetes.io/wss": return PortProtocol.Https;
                default: break;
            }
        }

        if (text.StartsWith("grpc-web", StringComparison.OrdinalIgnoreCase))
        {
            return PortProtocol.GrpcWeb;
        }

        int dash = text.IndexOf('-', StringComparison.Ordinal);
        PortProtocol protocol = Parse(dash >= 0 ? text[..dash] : text);
        return protocol == PortProtocol.Unsupported && port is 25 or 53 or 3306 or 27017 ? PortProtocol.Tcp : protocol;
    }

    /// <summary>Reads a protocol word in any case, as Gateways and ServiceEntries write it.</summary>
    public static PortProtocol Parse(string word) => word.ToLowerInvariant() switch
    {
        "tcp" => PortProtocol.Tcp,
        "udp" => PortProtocol.Udp,
        "http" => PortProtocol.Http,
        "http_proxy" => PortProtocol.HttpProxy,
        "http2" => PortProtocol.Http2,
        "grpc" => PortProtocol.Grpc,
        "grpc-web" => PortProtocol.GrpcWeb,
        "https" => PortProtocol.Https,
        "tls" => PortProtocol.Tls,
        "mongo" => PortProtocol.Mongo,
        "redis" => PortProtocol.Redis,
        "mysql" => PortProtocol.MySql,
        _ => PortProtocol.Unsupported,
    };

    /// <summary>Routed as HTTP.</summary>
    public static bool IsHttp(this PortProtocol protocol) =>
        protocol is PortProtocol.Http or PortProtocol.HttpProxy or PortProtocol.Http2 or PortProtocol.Grpc or PortProtocol.GrpcWeb;

    /// <summary>HTTP/2 is spoken with prior knowledge.</summary>
    public static bool IsHttp2(this PortProtocol protocol) => protocol is PortProtocol.Http2 or PortProtocol.Grpc or PortProtocol.GrpcWeb;

    /// <summary>Bytes are passed on as they are.</summary>
    public static bool IsTcp(this PortProtocol protocol) =>
        protocol is PortProtocol.Tcp or PortProtocol.Https or PortProtocol.Tls or PortProtocol.Mongo or PortProtocol.Redis or PortProtocol.MySql;

    /// <summary>The bytes are TLS of the application's own.</summary>
    public static bool IsTls(this PortProtocol protocol) => protocol is PortProtocol.Https or PortProtocol.Tls;

    /// <summary>Not declared, to be sniffed.</summary>
    public static bool IsUnsupported(this PortProtocol protocol) => protocol is PortProtocol.Unsupported;
}
