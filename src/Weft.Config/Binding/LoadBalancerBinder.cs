using System;
using System.Collections.Generic;
using System.Linq;
using Weft.Config.Networking;

namespace Weft.Config;

/// <summary>LoadBalancerSettings with the webhook's rules.</summary>
internal static class LoadBalancerBinder
{
    private static readonly WordTable<SimpleLoadBalancer> Simple = new(
        ("UNSPECIFIED", SimpleLoadBalancer.Unspecified),
        ("LEAST_CONN", SimpleLoadBalancer.LeastConn),
        ("RANDOM", SimpleLoadBalancer.Random),
        ("PASSTHROUGH", SimpleLoadBalancer.Passthrough),
        ("ROUND_ROBIN", SimpleLoadBalancer.RoundRobin),
        ("LEAST_REQUEST", SimpleLoadBalancer.LeastRequest));

    internal static LoadBalancerSettings Settings(FieldReader r)
    {
        var settings = new LoadBalancerSettings
        {
            Simple = r.Word("simple", Simple),
            ConsistentHash = r.Object("consistentHash", Hash),
            LocalityLbSetting = r.Object("localityLbSetting", Locality),
            ZoneAwareLbSetting = r.Object("zoneAwareLbSetting", ZoneAware),
            Warmup = r.Object("warmup", Warmup),
            WarmupDurationSecs = r.Duration("warmupDurationSecs"),
        };
        if (r.Has("simple") && r.Has("consistentHash"))
        {
            r.FieldError("consistentHash", "simple and consistentHash exclude each other; keep one.");
        }

        if (r.Has("localityLbSetting") && r.Has("zoneAwareLbSetting"))
        {
            r.FieldError("zoneAwareLbSetting", "localityLbSetting and zoneAwareLbSetting exclude each other; keep one.");
        }

        if (r.Has("warmupDurationSecs"))
        {
            r.FieldWarning("warmupDurationSecs", "warmupDurationSecs is deprecated; use warmup.duration.", DiagnosticCodes.Deprecated);
        }

        return settings;
    }

    private static ConsistentHash Hash(FieldReader r)
    {
        var hash = new ConsistentHash
        {
            HttpHeaderName = r.String("httpHeaderName"),
            HttpCookie = r.Object("httpCookie", Cookie),
            UseSourceIp = r.Bool("useSourceIp"),
            HttpQueryParameterName = r.String("httpQueryParameterName"),
            RingHashMinimumRingSize = r.Object("ringHash", h => new Size(h.UInt64("minimumRingSize") ?? 0))?.Value,
            MaglevTableSize = r.Object("maglev", MaglevSize)?.Value,
            MinimumRingSize = r.UInt64("minimumRingSize"),
        };
        int keys = new[] { "httpHeaderName", "httpCookie", "useSourceIp", "httpQueryParameterName" }.Count(r.Has);
        if (keys > 1)
        {
            r.Error("httpHeaderName, httpCookie, useSourceIp and httpQueryParameterName exclude each other; keep one.");
        }

        if (r.Has("ringHash") && r.Has("maglev"))
        {
            r.FieldError("maglev", "ringHash and maglev exclude each other; keep one.");
        }

        if (r.Has("minimumRingSize"))
        {
            r.FieldWarning("minimumRingSize", "minimumRingSize is deprecated; use ringHash.minimumRingSize.", DiagnosticCodes.Deprecated);
        }

        return hash;
    }

    private static Size MaglevSize(FieldReader r)
    {
        ulong size = r.UInt64("tableSize") ?? 0;
        if (size >= 5_000_011 || (size > 0 && !IsPrime(size)))
        {
            r.FieldError("tableSize", $"tableSize must be a prime number below 5000011, not {size}.");
        }

        return new Size(size);
    }

    private static HttpCookie Cookie(FieldReader r)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var attributes = new List<KeyValuePair<string, string>>();
        var cookie = new HttpCookie { Name = r.RequiredString("name"), Path = r.String("path"), Ttl = r.Duration("ttl", allowsZero: true) };
        if (r.Has("name") && cookie.Name.Length == 0)
        {
            r.FieldError("name", "name required for HttpCookie.", DiagnosticCodes.Required);
        }

        r.List<object>("attributes", a =>
        {
            string name = a.RequiredString("name");
            if (name.Length == 0 || !names.Add(name))
            {
                a.Error(name.Length == 0 ? "A cookie attribute needs a name." : $"The cookie attribute {name} is written twice; remove one.");
            }

            attributes.Add(new(name, a.String("value") ?? ""));
            return null;
        });
        return cookie with { Attributes = attributes };
    }

    private static Warmup Warmup(FieldReader r)
    {
        if (!r.Has("duration"))
        {
            r.Missing("duration");
        }

        return new Warmup
        {
            Duration = r.Duration("duration") ?? TimeSpan.Zero,
            MinimumPercent = r.Double("minimumPercent", 0, 100),
            Aggression = r.Double("aggression", 0),
        };
    }

    private static LocalityLbSetting ZoneAware(FieldReader r) => new()
    {
        Enabled = r.Bool("enabled"),
        Failover = Failover(r),
        FailoverPriority = r.Strings("failoverPriority"),
        MinClusterSize = r.UInt64("minClusterSize"),
    };

    private static LocalityLbSetting Locality(FieldReader r)
    {
        var setting = new LocalityLbSetting
        {
            Enabled = r.Bool("enabled"),
            Distribute = r.List("distribute", d => new LocalityDistribute { From = d.String("from") ?? "", To = d.UInt32Map("to") }),
            Failover = Failover(r),
            FailoverPriority = r.Strings("failoverPriority"),
        };
        if (r.Has("distribute") && (r.Has("failover") || r.Has("failoverPriority")))
        {
            r.FieldError("distribute", "distribute excludes failover and failoverPriority; keep one.");
        }

        foreach (ResourceNode distribute in r.Node["distribute"]?.Items ?? [])
        {
            long sum = distribute["to"]?.Entries.Sum(e => long.TryParse(e.Value.Text, out long share) ? share : 0) ?? 100;
            if (sum != 100)
            {
                r.FieldError("distribute", $"total locality weight {sum} != 100; make the shares of each \"to\" add up to 100.");
            }
        }

        return setting;
    }

    private static IReadOnlyList<LocalityFailover> Failover(FieldReader r) =>
        r.List("failover", f =>
        {
            var failover = new LocalityFailover { From = f.String("from") ?? "", To = f.String("to") ?? "" };
            if (failover.From == failover.To)
            {
                f.Error($"locality lb failover settings must specify different regions, not {failover.From} twice.");
            }

            return failover;
        });

    private static bool IsPrime(ulong number)
    {
        if (number < 4)
        {
            return number > 1;
        }

        for (ulong divisor = 2; divisor * divisor <= number; divisor++)
        {
            if (number % divisor == 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A number, as a class so that it can be null.</summary>
    private sealed record Size(ulong Value);
}
