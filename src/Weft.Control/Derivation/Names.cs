using System.Globalization;

namespace Weft.Control.Derivation;

/// <summary>Resource names exactly as Istio makes them: every debug tool and dashboard reads them (istio.md 1.0).</summary>
internal static class Names
{
    public const string Passthrough = "PassthroughCluster";
    public const string BlackHole = "BlackHoleCluster";
    public const string InboundPassthrough = "InboundPassthroughCluster";
    public const string VirtualOutbound = "virtualOutbound";
    public const string VirtualInbound = "virtualInbound";
    public const string RootCa = "ROOTCA";
    public const string OwnCertificate = "default";

    /// <summary>Where a proxy captures outbound and inbound connections.</summary>
    public const int OutboundPort = 15001;
    public const int InboundPort = 15006;

    public static string OutboundCluster(int port, string subset, string host) => string.Create(CultureInfo.InvariantCulture, $"outbound|{port}|{subset}|{host}");

    public static string InboundCluster(int port) => string.Create(CultureInfo.InvariantCulture, $"inbound|{port}||");

    /// <summary>The SNI of mutual TLS between proxies.</summary>
    public static string Sni(int port, string subset, string host) => string.Create(CultureInfo.InvariantCulture, $"outbound_.{port}_.{subset}_.{host}");

    public static string Listener(string address, int port) => string.Create(CultureInfo.InvariantCulture, $"{address}_{port}");

    public static string HostAndPort(string host, int port) => string.Create(CultureInfo.InvariantCulture, $"{host}:{port}");

    public static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
