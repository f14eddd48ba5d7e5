namespace Weft.Buffers;

/// <summary>Something that can wait in one <see cref="MpscQueue{T}"/> at a time. The link lies in the object, so that queueing allocates nothing.</summary>
public abstract class MpscNode
{
    internal MpscNode? Next;
}
