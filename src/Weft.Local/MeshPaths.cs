using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Weft.Native.Processes;

namespace Weft.Local;

/// <summary>
/// Where one mesh keeps its things on the host. One directory of manifests is one mesh; its hash names the state directory
/// (journal, CA root: stays until <c>down --purge</c>) and the run directory (sockets and logs: gone when the mesh is).
/// </summary>
public sealed record MeshPaths
{
    /// <summary>sun_path holds 108 bytes with the NUL.</summary>
    private const int LongestSocketPath = 107;

    /// <summary>The directory of manifests, absolute, links resolved.</summary>
    public required string Directory { get; init; }

    public required string StateDirectory { get; init; }

    public required string RunDirectory { get; init; }

    /// <summary>Names this mesh in paths: twelve hex digits.</summary>
    public string Id => Path.GetFileName(RunDirectory);

    /// <summary>Kubernetes list and watch of the store.</summary>
    public string ApiSocket => Path.Combine(RunDirectory, "api.sock");

    /// <summary>weftd's debug HTTP.</summary>
    public string WeftdDebugSocket => Path.Combine(RunDirectory, "weftd-debug.sock");

    /// <summary>Where run, exec, status and down are asked of the machine.</summary>
    public string ControlSocket => Path.Combine(RunDirectory, "machine.sock");

    /// <summary>Holds the directory of the mesh in a running one, for those who only see the run directory.</summary>
    public string DirectoryFile => Path.Combine(RunDirectory, "directory");

    public string MachineLog => Path.Combine(RunDirectory, "machine.log");

    public string WeftdLog => Path.Combine(RunDirectory, "weftd.log");

    public string PodsDirectory => Path.Combine(RunDirectory, "pods");

    public string PodDirectory(string ns, string pod) => Path.Combine(PodsDirectory, ns, pod);

    public string AppLog(string ns, string pod) => Path.Combine(PodDirectory(ns, pod), "app.log");

    public string ProxyLog(string ns, string pod) => Path.Combine(PodDirectory(ns, pod), "proxy.log");

    /// <summary>
    /// The proxy's admin socket, by a path short enough to connect to: names of pods and namespaces may be 63 letters each, so
    /// long ones go through a link in the run directory (made when the pod starts).
    /// </summary>
    public string AdminSocket(string ns, string pod)
    {
        string path = Path.Combine(PodDirectory(ns, pod), "admin.sock");
        return Encoding.UTF8.GetByteCount(path) <= LongestSocketPath ? path : Path.Combine(AliasOf(ns, pod), "admin.sock");
    }

    /// <summary>The short link to a pod's directory.</summary>
    public string AliasOf(string ns, string pod) => Path.Combine(RunDirectory, "a", Hash(ns + "/" + pod));

    /// <summary>The paths of the mesh of <paramref name="directory"/>, which need not exist.</summary>
    public static MeshPaths For(string directory)
    {
        string full = Path.GetFullPath(directory).TrimEnd('/');
        full = new DirectoryInfo(full).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? full;
        string id = Hash(full.Length == 0 ? "/" : full);
        return new MeshPaths
        {
            Directory = full.Length == 0 ? "/" : full,
            StateDirectory = Path.Combine(StateBase, id),
            RunDirectory = Path.Combine(RunBase, id),
        };
    }

    /// <summary>Every mesh of this user that has a run directory with a control socket; it may be dying.</summary>
    public static IReadOnlyList<MeshPaths> Running()
    {
        if (!System.IO.Directory.Exists(RunBase))
        {
            return [];
        }

        return
        [
            .. System.IO.Directory.GetDirectories(RunBase)
                .Where(run => File.Exists(Path.Combine(run, "directory")) && File.Exists(Path.Combine(run, "machine.sock")))
                .Select(run => For(File.ReadAllText(Path.Combine(run, "directory")).Trim())),
        ];
    }

    /// <summary>The mesh that a command means: the one of <paramref name="directory"/>, or the only running one.</summary>
    /// <exception cref="InvalidOperationException">None runs, or several; the message says what to do.</exception>
    public static MeshPaths Find(string? directory)
    {
        IReadOnlyList<MeshPaths> running = Running();
        if (directory is not null)
        {
            MeshPaths wanted = For(directory);
            return running.Any(mesh => mesh.RunDirectory == wanted.RunDirectory)
                ? wanted
                : throw new InvalidOperationException($"No mesh runs for {wanted.Directory}. Start it: weft up {directory}");
        }

        return running.Count switch
        {
            1 => running[0],
            0 => throw new InvalidOperationException("No mesh is running. Start one: weft up DIR"),
            _ => throw new InvalidOperationException("Several meshes are running; say which with --mesh: " + string.Join(", ", running.Select(mesh => mesh.Directory))),
        };
    }

    /// <summary>The parent of all state directories of this user.</summary>
    public static string StateBase => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } state
            ? state
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state"),
        "weft");

    /// <summary>The parent of all run directories of this user.</summary>
    public static string RunBase => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } run && IsWritable(run) ? run : "/tmp",
        "weft-" + HostUser.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>True when weft runs as root: no user namespace of its own, the owner guard beside the mark.</summary>
    public static bool IsRoot => HostUser.Id == 0;

    /// <summary>Makes state and run directories, for this user only.</summary>
    /// <exception cref="UnauthorizedAccessException">Somebody else owns the run directory's parent: /tmp is for all.</exception>
    public void Create()
    {
        const UnixFileMode onlyUs = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        System.IO.Directory.CreateDirectory(StateDirectory, onlyUs);
        System.IO.Directory.CreateDirectory(RunBase, onlyUs);
        if (new DirectoryInfo(RunBase).LinkTarget is not null || !IsOurs(RunBase))
        {
            throw new UnauthorizedAccessException($"{RunBase} belongs to somebody else; remove it or set XDG_RUNTIME_DIR to a directory of yours");
        }

        File.SetUnixFileMode(RunBase, onlyUs);
        System.IO.Directory.CreateDirectory(RunDirectory, onlyUs);
        System.IO.Directory.CreateDirectory(PodsDirectory, onlyUs);
        System.IO.Directory.CreateDirectory(Path.Combine(RunDirectory, "a"), onlyUs);
        File.WriteAllText(DirectoryFile, Directory + "\n");
    }

    /// <summary>Changing the mode is the owner's right alone, so trying to is asking whether we are.</summary>
    private static bool IsOurs(string path)
    {
        try
        {
            File.SetUnixFileMode(path, File.GetUnixFileMode(path));
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool IsWritable(string path) => System.IO.Directory.Exists(path) && HostUser.MayWriteIn(path);

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];
}
