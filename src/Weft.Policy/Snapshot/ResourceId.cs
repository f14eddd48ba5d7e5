namespace Weft.Policy.Snapshot;

/// <summary>
/// A resource's place in the snapshots of one store: the slot stays while the name lives, and the generation tells a later tenant of the slot
/// from an earlier one. Mutable companions (pools, statistics) are keyed by it. <c>default</c> is "none".
/// </summary>
public readonly record struct ResourceId
{
    private readonly int _slotPlusOne;

    public ResourceId(int slot, int generation)
    {
        _slotPlusOne = slot + 1;
        Generation = generation;
    }

    public static ResourceId None => default;

    public bool IsNone => _slotPlusOne == 0;

    public int Slot => _slotPlusOne - 1;

    public int Generation { get; }
}
