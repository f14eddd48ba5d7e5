using System.Collections.Generic;
using System.Linq;

namespace Weft.Interception;

/// <summary>Every destination, or those within the IPv4 ranges (CIDR text, always with a prefix length).</summary>
public sealed record RangeSelection(bool IsAll, IReadOnlyList<string> Ranges)
{
    public static RangeSelection All { get; } = new(true, []);

    public static RangeSelection None { get; } = new(false, []);

    public static RangeSelection Of(params string[] ranges) => new(false, ranges);

    public bool Equals(RangeSelection? other) => other is not null && IsAll == other.IsAll && Ranges.SequenceEqual(other.Ranges);

    public override int GetHashCode() => IsAll ? 1 : Ranges.Count;
}
