using Weft.Policy.Snapshot;

namespace Weft.Policy.Decide;

/// <summary>
/// The whole decision about a request as a few numbers: a stream may keep it, and the decision record does. References are valid with the
/// snapshot that made it; <see cref="Cluster"/> outlives it.
/// </summary>
/// <param name="Outcome">Forward, or what to answer.</param>
/// <param name="Table">The route table; None when it has not come.</param>
/// <param name="VirtualHost">Where the virtual host lies; None when none claims the authority.</param>
/// <param name="RouteIndex">Route in the virtual host; -1 when none matches.</param>
/// <param name="WeightedIndex">Entry of weighted_clusters; -1 when the route names one cluster.</param>
/// <param name="Cluster">None when it is unknown.</param>
/// <param name="Draw">The number that picked the weighted cluster; 0 when none was drawn.</param>
public readonly record struct RequestChoice(
    RequestOutcome Outcome,
    RouteTableRef Table,
    VirtualHostRef VirtualHost,
    int RouteIndex,
    int WeightedIndex,
    ResourceId Cluster,
    ulong Draw);
