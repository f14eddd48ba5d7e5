using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Weft.Native;
using Weft.Native.Processes;

namespace Weft.Local.Pods;

/// <summary>
/// Runs the distribution's tools (ip, iptables-restore, …) in the calling thread's namespaces. Blocking, short: call it where
/// blocking is fine.
/// </summary>
public static class Tool
{
    private static readonly string[] Folders = ["/usr/sbin", "/sbin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/local/bin"];
    private static readonly Dictionary<string, string> Environment = new()
    {
        ["PATH"] = string.Join(':', Folders),
        ["LC_ALL"] = "C",
        // iptables-legacy insists on a lock that an ordinary user cannot make in /run.
        ["XTABLES_LOCKFILE"] = "/tmp/.weft-xtables.lock",
    };

    /// <summary>Absolute path of a tool, or null. The sbin folders are searched too: an ordinary user's PATH often lacks them.</summary>
    public static string? Find(string name) => Folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>Absolute path of a tool.</summary>
    /// <exception cref="FileNotFoundException">It is not installed; the message says which.</exception>
    public static string Require(string name) => Find(name) ?? throw new FileNotFoundException($"{name} is not installed; run: weft x precheck");

    /// <summary>Runs a tool with <paramref name="input"/> as stdin and gives its output.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message holds what it said.</exception>
    public static string Run(string name, IReadOnlyList<string> arguments, string input = "", IReadOnlyDictionary<int, SafeHandle>? descriptors = null)
    {
        (int exit, string output) = TryRun(name, arguments, input, descriptors);
        return exit == 0 ? output : throw new InvalidOperationException($"{name} {string.Join(' ', arguments)} failed ({exit}): {output.Trim()}");
    }

    /// <summary>Runs a tool and gives exit code and output (both streams).</summary>
    public static (int Exit, string Output) TryRun(string name, IReadOnlyList<string> arguments, string input = "", IReadOnlyDictionary<int, SafeHandle>? descriptors = null)
    {
        // Files without a name instead of pipes: nobody has to read while the tool writes.
        using MemoryFile stdin = MemoryFile.Create("stdin", input);
        using MemoryFile stdout = MemoryFile.Create("stdout", string.Empty);
        using SafeFileHandle reader = File.OpenHandle("/proc/self/fd/" + stdin.Handle.DangerousGetHandle(), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        Dictionary<int, SafeHandle> all = new(descriptors ?? new Dictionary<int, SafeHandle>()) { [0] = reader, [1] = stdout.Handle, [2] = stdout.Handle };
        ChildProcess child = ChildProcess.Start(new ProcessSpec { Path = Require(name), Arguments = arguments, Environment = Environment, Descriptors = all });
        int exit = child.Exited.GetAwaiter().GetResult();
        byte[] bytes = new byte[RandomAccess.GetLength(stdout.Handle)];
        int read = RandomAccess.Read(stdout.Handle, bytes, 0);
        return (exit, Encoding.UTF8.GetString(bytes, 0, read));
    }
}
