using System;
using System.Collections.Generic;
using Weft.Config;

namespace Weft.Store;

/// <summary>How a directory is followed.</summary>
public sealed record DirectorySourceOptions
{
    /// <summary>Quiet time after the last file event before reading: an editor's write-and-rename is one change.</summary>
    public TimeSpan Debounce { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The longest that a stream of events can put a read off.</summary>
    public TimeSpan MaxDebounce { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a file may be missing or empty before its objects go: editors that truncate or remove before they write need some milliseconds.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromMilliseconds(150);

    /// <summary>How often sizes and times are looked at besides inotify, which sees nothing on some network and WSL file systems.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>False reads one folder, as <c>kubectl apply -f DIR</c> does.</summary>
    public bool IsRecursive { get; init; }

    /// <summary>File names that are not manifests.</summary>
    public IReadOnlyList<string> ExcludedNames { get; init; } = ["weft.yaml", "kustomization.yaml", "kustomization.yml"];

    /// <summary>Namespace of objects that name none.</summary>
    public string DefaultNamespace { get; init; } = "default";

    public ReadLimits Limits { get; init; } = ReadLimits.Default;

    /// <summary>Where last good versions outlive the process; null keeps them in memory only. The caller owns it and uses it for nothing else.</summary>
    public Journal? LastGood { get; init; }
}
