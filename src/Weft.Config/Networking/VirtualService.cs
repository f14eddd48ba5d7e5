using System;
using System.Collections.Generic;

namespace Weft.Config.Networking;

/// <summary>Istio's VirtualService spec, whole schema. What of it is honoured: <see cref="HonouredFields"/>.</summary>
public sealed record VirtualService
{
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Empty means <c>["mesh"]</c>.</summary>
    public IReadOnlyList<string> Gateways { get; init; } = [];

    public IReadOnlyList<HttpRoute> Http { get; init; } = [];

    public IReadOnlyList<TlsRoute> Tls { get; init; } = [];

    public IReadOnlyList<TcpRoute> Tcp { get; init; } = [];

    public IReadOnlyList<string> ExportTo { get; init; } = [];
}

/// <summary>One entry of <c>http</c>; the first whose match holds decides.</summary>
public sealed record HttpRoute
{
    /// <summary>Place in the list as written: entries that are left out keep their number, so paths name the right one.</summary>
    public int Index { get; init; }

    public string? Name { get; init; }

    /// <summary>Alternatives; empty matches everything.</summary>
    public IReadOnlyList<HttpMatchRequest> Match { get; init; } = [];

    public IReadOnlyList<HttpRouteDestination> Route { get; init; } = [];

    public HttpRedirect? Redirect { get; init; }

    public HttpDirectResponse? DirectResponse { get; init; }

    public Delegate? Delegate { get; init; }

    public HttpRewrite? Rewrite { get; init; }

    /// <summary>Null and zero: none.</summary>
    public TimeSpan? Timeout { get; init; }

    public HttpRetry? Retries { get; init; }

    public HttpFaultInjection? Fault { get; init; }

    public Destination? Mirror { get; init; }

    public IReadOnlyList<HttpMirrorPolicy> Mirrors { get; init; } = [];

    /// <summary>0–100; null means 100.</summary>
    public double? MirrorPercentage { get; init; }

    /// <summary>Deprecated form of <see cref="MirrorPercentage"/>.</summary>
    public uint? MirrorPercent { get; init; }

    public CorsPolicy? CorsPolicy { get; init; }

    public Headers? Headers { get; init; }
}

/// <summary>A destination with its share and its header operations.</summary>
public sealed record HttpRouteDestination
{
    public Destination Destination { get; init; } = new();

    /// <summary>Relative; null reads as 0, which is 100 % when it is the only destination.</summary>
    public int? Weight { get; init; }

    public Headers? Headers { get; init; }
}

/// <summary>A service, or a subset of it.</summary>
public sealed record Destination
{
    /// <summary>As written: short names resolve in the rule's namespace (<see cref="HostName.Resolve"/>).</summary>
    public string Host { get; init; } = "";

    public string? Subset { get; init; }

    /// <summary>Null when the service's only port is meant.</summary>
    public uint? Port { get; init; }
}

/// <summary>Hands a prefix to another VirtualService.</summary>
public sealed record Delegate
{
    public string Name { get; init; } = "";

    public string? Namespace { get; init; }
}

/// <summary>Header operations towards both sides.</summary>
public sealed record Headers
{
    public HeaderOperations? Request { get; init; }

    public HeaderOperations? Response { get; init; }
}

/// <summary>Set replaces, add appends, remove takes out. Maps keep the order written.</summary>
public sealed record HeaderOperations
{
    public IReadOnlyList<KeyValuePair<string, string>> Set { get; init; } = [];

    public IReadOnlyList<KeyValuePair<string, string>> Add { get; init; } = [];

    public IReadOnlyList<string> Remove { get; init; } = [];
}
