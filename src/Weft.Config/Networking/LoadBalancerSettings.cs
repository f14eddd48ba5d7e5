using System;
using System.Collections.Generic;

namespace Weft.Config.Networking;

public sealed record LoadBalancerSettings
{
    /// <summary>Null and Unspecified mean least request.</summary>
    public SimpleLoadBalancer? Simple { get; init; }

    public ConsistentHash? ConsistentHash { get; init; }

    public LocalityLbSetting? LocalityLbSetting { get; init; }

    public LocalityLbSetting? ZoneAwareLbSetting { get; init; }

    public Warmup? Warmup { get; init; }

    public TimeSpan? WarmupDurationSecs { get; init; }
}

public enum SimpleLoadBalancer : byte
{
    Unspecified,
    LeastConn,
    Random,
    Passthrough,
    RoundRobin,
    LeastRequest,
}

public sealed record ConsistentHash
{
    public string? HttpHeaderName { get; init; }

    public HttpCookie? HttpCookie { get; init; }

    public bool? UseSourceIp { get; init; }

    public string? HttpQueryParameterName { get; init; }

    /// <summary>Null when no <c>ringHash</c> block was written; default 1024.</summary>
    public ulong? RingHashMinimumRingSize { get; init; }

    /// <summary>Null when no <c>maglev</c> block was written; default 65537.</summary>
    public ulong? MaglevTableSize { get; init; }

    /// <summary>Deprecated place of <see cref="RingHashMinimumRingSize"/>.</summary>
    public ulong? MinimumRingSize { get; init; }
}

public sealed record HttpCookie
{
    public string Name { get; init; } = "";

    public string? Path { get; init; }

    public TimeSpan? Ttl { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> Attributes { get; init; } = [];
}

public sealed record Warmup
{
    public TimeSpan Duration { get; init; }

    public double? MinimumPercent { get; init; }

    public double? Aggression { get; init; }
}

public sealed record LocalityLbSetting
{
    public bool? Enabled { get; init; }

    public IReadOnlyList<LocalityDistribute> Distribute { get; init; } = [];

    public IReadOnlyList<LocalityFailover> Failover { get; init; } = [];

    public IReadOnlyList<string> FailoverPriority { get; init; } = [];

    /// <summary>Zone-aware only.</summary>
    public ulong? MinClusterSize { get; init; }
}

public sealed record LocalityDistribute
{
    public string From { get; init; } = "";

    public IReadOnlyList<KeyValuePair<string, uint>> To { get; init; } = [];
}

public sealed record LocalityFailover
{
    public string From { get; init; } = "";

    public string To { get; init; } = "";
}
