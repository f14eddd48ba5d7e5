namespace Weft.Policy.Decide;

/// <summary>Where a header operation was written.</summary>
public enum HeaderOpLevel
{
    WeightedCluster,
    Route,
    VirtualHost,
    RouteTable,
}
