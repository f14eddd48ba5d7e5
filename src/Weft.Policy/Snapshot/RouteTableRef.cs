namespace Weft.Policy.Snapshot;

/// <summary>Where a route table lies in a snapshot: its own slot, or in an HTTP connection manager of a listener. Valid only with that snapshot.</summary>
public readonly record struct RouteTableRef(int Slot, int ListenerSlot, int HttpManager)
{
    public static RouteTableRef None => new(-1, -1, -1);

    public bool IsNone => Slot < 0 && ListenerSlot < 0;
}
