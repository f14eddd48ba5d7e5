using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.Win32.SafeHandles;
using Weft.Native.Namespaces;

namespace Weft.Local.Pods;

/// <summary>
/// Builds the mount namespace of a workload around the calling thread: the host's tree read-only, with empty memory where
/// sockets, state and other people's temporary files were. What is mounted here is locked for the workload: it lives in a
/// user namespace below ours and can unmount none of it.
/// </summary>
internal static class WorkloadWalls
{
    private const string Place = "/run/weft";

    /// <summary>Leaves the shared namespaces and builds the walls. Only inside a <see cref="NamespaceThread"/>.</summary>
    public static void Build(WallSpec spec)
    {
        ThreadNamespaces.Unshare(NamespaceKinds.Mount | NamespaceKinds.HostName | NamespaceKinds.Ipc);
        ThreadNamespaces.SetHostName(spec.HostName);
        ThreadNamespaces.MakeMountsPrivate();
        ThreadNamespaces.TryMakeMountsReadOnly();

        List<(string Path, SafeFileHandle Handle)> shown = [.. spec.Shown.Where(Directory.Exists).Select(path => (path, ThreadNamespaces.OpenPlace(path)))];
        List<string> covered = [];
        foreach (string hidden in Outermost([.. spec.Hidden, .. ImpassableAbove(spec)]))
        {
            if (Directory.Exists(hidden))
            {
                ThreadNamespaces.MountMemory(hidden, IsScratch(hidden) ? "mode=1777,size=256m" : "mode=0755,size=16m");
                covered.Add(hidden);
            }
        }

        foreach ((string path, SafeFileHandle handle) in shown)
        {
            if (covered.Exists(cover => IsBelow(path, cover)))
            {
                Directory.CreateDirectory(path);
                ThreadNamespaces.MountBound(ThreadNamespaces.PathOf(handle), path, isReadOnly: true);
            }

            handle.Dispose();
        }

        WriteNames(spec);
    }

    private static void WriteNames(WallSpec spec)
    {
        Directory.CreateDirectory(Place);
        foreach ((string name, string content) in spec.RunFiles)
        {
            string path = Path.Combine("/run", name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, content);
        }

        Put("/etc/resolv.conf", spec.ResolvConf);
        Put("/etc/hosts", spec.Hosts);
        Put("/etc/hostname", spec.HostName + "\n");
    }

    /// <summary>Shows <paramref name="content"/> at a path of the host, which may be a link into /run that we have just hidden.</summary>
    private static void Put(string path, string content)
    {
        FileInfo file = new(path);
        string target = file.LinkTarget is { } link ? Path.GetFullPath(Path.Combine("/etc", link)) : path;
        if (target.StartsWith("/run/", StringComparison.Ordinal))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllText(target, content);
            return;
        }

        if (!File.Exists(target))
        {
            // Nothing to mount over, and the tree is read-only: the host has no such file, so nothing reads it there.
            return;
        }

        string own = Path.Combine(Place, Path.GetFileName(path));
        File.WriteAllText(own, content);
        ThreadNamespaces.MountBound(own, target, isReadOnly: true);
    }

    /// <summary>
    /// As root the workload is another user, who cannot pass /root: such a directory is hidden and what must be seen of it shown
    /// again at the same path.
    /// </summary>
    private static IEnumerable<string> ImpassableAbove(WallSpec spec)
    {
        if (!spec.User.IsRoot)
        {
            yield break;
        }

        foreach (string path in spec.Shown)
        {
            for (string? above = Path.GetDirectoryName(path); above is not null; above = Path.GetDirectoryName(above))
            {
                if (Directory.Exists(above) && (File.GetUnixFileMode(above) & UnixFileMode.OtherExecute) == 0)
                {
                    yield return above;
                }
            }
        }
    }

    private static List<string> Outermost(IEnumerable<string> paths)
    {
        List<string> result = [];
        foreach (string path in paths.Select(path => path.TrimEnd('/')).Where(path => path.Length > 0).Distinct().OrderBy(path => path.Length))
        {
            // Scratch space stays a mount of its own even below another: it is writable, the cover is not.
            if (!result.Exists(cover => IsBelow(path, cover)))
            {
                result.Add(path);
            }
        }

        return result;
    }

    private static bool IsScratch(string path) => path is "/tmp" or "/var/tmp" or "/dev/shm";

    private static bool IsBelow(string path, string above) => path == above || path.StartsWith(above + "/", StringComparison.Ordinal);
}
