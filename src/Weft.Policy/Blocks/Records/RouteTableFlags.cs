using System;

namespace Weft.Policy.Blocks;

/// <summary>Booleans of a route configuration.</summary>
[Flags]
public enum RouteTableFlags
{
    None = 0,
    UsesVhds = 1,
    ValidateClusters = 2,
    IgnorePortInHostMatching = 4,
    MostSpecificHeaderMutationsWins = 8,
}
