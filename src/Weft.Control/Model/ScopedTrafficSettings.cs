using System.Collections.Generic;
using System.Collections.Immutable;

namespace Weft.Control.Model;

/// <summary>Settings with their port-level replacements: a port entry replaces the whole of the general one (istio.md 1.2).</summary>
public sealed record ScopedTrafficSettings(TrafficSettings General, ImmutableSortedDictionary<int, TrafficSettings> Ports)
{
    public static ScopedTrafficSettings Unset { get; } = new(TrafficSettings.Unset, ImmutableSortedDictionary<int, TrafficSettings>.Empty);

    public TrafficSettings ForPort(int port) => Ports.GetValueOrDefault(port, General);
}
