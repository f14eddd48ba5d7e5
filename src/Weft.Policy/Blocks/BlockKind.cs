namespace Weft.Policy.Blocks;

/// <summary>What a block holds; one block per resource.</summary>
public enum BlockKind
{
    None,
    Listener,
    RouteTable,
    VirtualHost,
    Cluster,
    EndpointSet,
    Secret,
    Workload,
    NameTable,
}
