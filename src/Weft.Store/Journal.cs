#pragma warning disable CA1822
using System;
using System.Collections.Generic;

namespace Weft.Store;

/// <summary>
/// A durable map from key to bytes: appended records with CRC, a snapshot now and then, fsync before a write returns. Single writer. A torn tail (power cut
/// in the middle of a record) is cut off at open; anything before it is kept. Refuses a symbolic link or a file that others can write (T86).
/// </summary>
public sealed class Journal : IDisposable
{
    private Journal()
    {
    }

    /// <summary>Opens or creates (0600). Throws <see cref="System.IO.IOException"/> with what to do when the file is a link, not ours, or too open.</summary>
    public static Journal Open(string path, JournalOptions? options = null) => throw new InvalidOperationException($"{path}{options}");

    /// <summary>The present content.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Entries => throw new InvalidOperationException();

    /// <summary>Applies all changes as one record: after a crash all of them are there or none. A null value removes. Durable when it returns.</summary>
    public void Write(IReadOnlyList<KeyValuePair<string, ReadOnlyMemory<byte>?>> changes) => throw new InvalidOperationException();

    public void Dispose()
    {
    }
}

/// <summary>Sizes of a <see cref="Journal"/>.</summary>
public sealed record JournalOptions
{
    /// <summary>Garbage (bytes no longer needed) that starts a new snapshot.</summary>
    public long CompactAfterBytes { get; init; } = 4 << 20;
}
