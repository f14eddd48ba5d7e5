using System.Collections.Generic;
using System.Linq;

namespace Weft.Interception;

/// <summary>Every port, or the named ones.</summary>
public sealed record PortSelection(bool IsAll, IReadOnlyList<int> Ports)
{
    public static PortSelection All { get; } = new(true, []);

    public static PortSelection None { get; } = new(false, []);

    public static PortSelection Of(params int[] ports) => new(false, ports);

    public bool Equals(PortSelection? other) => other is not null && IsAll == other.IsAll && Ports.SequenceEqual(other.Ports);

    public override int GetHashCode() => IsAll ? 1 : Ports.Count;
}
