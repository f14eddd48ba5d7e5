namespace Weft.Policy.Snapshot;

/// <summary>
/// Where a virtual host lies in a snapshot: a resource of its own, or inline in a route table, which itself is a resource or inline in a listener.
/// Valid only with the snapshot that gave it.
/// </summary>
public readonly record struct VirtualHostRef(RouteTableRef Table, int Slot, int InlineOrdinal)
{
    public static VirtualHostRef None => new(RouteTableRef.None, -1, -1);

    public bool IsNone => Slot < 0 && InlineOrdinal < 0;
}
