using System.Threading;

namespace Weft.Policy.Snapshot;

/// <summary>The one reference through which loops see configuration: they see all of a publish or none of it.</summary>
public sealed class SnapshotCell<T>(T first)
    where T : class
{
    private T _current = first;

    /// <summary>Any thread.</summary>
    public T Current => Volatile.Read(ref _current);

    /// <summary>The single writer.</summary>
    public void Publish(T next) => Volatile.Write(ref _current, next);
}
