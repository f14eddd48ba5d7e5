namespace Weft.Policy.Blocks;

/// <summary>
/// The arrays a block may hold. A block's header has one bit per section and an entry for those that are there, so a small block stays small
/// and a later section (RBAC, fault, mirror, outlier) costs the others nothing. At most 64; numbers are part of the block format.
/// </summary>
internal enum BlockSection
{
    Root,
    Text,
    Origins,
    Embedded,
    Texts,
    Numbers,
    StringMatchers,
    Prefixes,
    PortRanges,
    ListenerFilters,
    FilterChains,
    DownstreamTls,
    HttpManagers,
    TcpProxies,
    WeightedClusters,
    HeaderOps,
    FormatSegments,
    InlineRanges,
    DomainBuckets,
    Routes,
    HeaderMatchers,
    QueryMatchers,
    RouteActions,
    RetryPolicies,
    Redirects,
    DirectResponses,
    TransportSockets,
    UpstreamTls,
    Pairs,
    Services,
    Endpoints,
    Priorities,
    NameEntries,
    NameBuckets,
    Lengths,
}
