using System;
using Weft.Config;

namespace Weft.Store;

/// <summary>One file of a <see cref="DirectorySource"/> as last read. Immutable.</summary>
/// <param name="Path">Full path.</param>
/// <param name="Name">As reported: the directory as given, then the path below it.</param>
/// <param name="Stamp">Size and time when it was read.</param>
/// <param name="Hash">Of the bytes: equal hash, equal result.</param>
/// <param name="Content">What it says.</param>
internal sealed record DirectoryFile(string Path, string Name, FileStamp Stamp, string Hash, ReadSet Content)
{
    /// <summary>When the file was first seen missing or empty; its old content counts until the grace is over. Null for a file in order.</summary>
    internal DateTimeOffset? SuspectSince { get; init; }
}

/// <summary>What changes when a file does.</summary>
internal readonly record struct FileStamp(long Length, DateTime Modified);
