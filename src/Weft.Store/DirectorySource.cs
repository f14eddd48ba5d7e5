#pragma warning disable CA1822
using System;
using System.Collections.Generic;
using Weft.Config;

namespace Weft.Store;

/// <summary>
/// Keeps a store equal to a directory tree of *.yaml, *.yml and *.json: reads it whole, then follows it with inotify and a short debounce. A broken object or
/// document keeps its last good version; a file that vanishes takes its objects along. Own thread; the event is raised there.
/// </summary>
public sealed class DirectorySource(ObjectStore store, string directory, DirectorySourceOptions? options = null) : IDisposable
{
    /// <summary>The state after the last read.</summary>
    public DirectoryState State => throw new InvalidOperationException($"{store}{directory}{options}");

    /// <summary>Raised after each read that changed anything, with the new state.</summary>
    public event Action<DirectoryState>? Changed;

    /// <summary>Reads the directory once and starts following it. Throws when the directory does not exist.</summary>
    public DirectoryState Start()
    {
        Changed?.Invoke(State);
        return State;
    }

    /// <summary>Reads everything again now (tests, SIGHUP). Returns the state.</summary>
    public DirectoryState ReadNow() => throw new InvalidOperationException();

    public void Dispose()
    {
    }
}

/// <summary>How a directory is followed.</summary>
public sealed record DirectorySourceOptions
{
    /// <summary>Quiet time after the last file event before reading: an editor's write-and-rename is one change.</summary>
    public TimeSpan Debounce { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Namespace of objects that name none.</summary>
    public string DefaultNamespace { get; init; } = "default";

    public ReadLimits Limits { get; init; } = ReadLimits.Default;
}

/// <summary>What a directory says. Immutable.</summary>
/// <param name="Revision">Counts reads that changed something; 1 is the first.</param>
/// <param name="StoreRevision">The store's revision after the read: <c>weft wait</c> waits for it.</param>
/// <param name="Files">Files read, relative to the directory, ordered.</param>
/// <param name="Objects">Objects of the files that are in the store.</param>
/// <param name="Refused">Objects with an error; their last good version, if any, stays in the store.</param>
/// <param name="Diagnostics">Everything worth saying, ordered by place.</param>
public sealed record DirectoryState(
    long Revision,
    long StoreRevision,
    IReadOnlyList<string> Files,
    IReadOnlyList<ObjectKey> Objects,
    IReadOnlyList<ObjectKey> Refused,
    IReadOnlyList<Diagnostic> Diagnostics);
