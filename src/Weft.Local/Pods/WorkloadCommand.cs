using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using Weft.Native.Processes;

namespace Weft.Local.Pods;

/// <summary>Starts what a person wrote (a workload, or a command beside it) inside a pod's walls.</summary>
public static class WorkloadCommand
{
    /// <summary>Runs first inside, still as the machine's root: only now does /proc mean the new process ids.</summary>
    private const string EnterScript =
        "mount -n -t proc -o nosuid,nodev,noexec proc /proc && mount -n -o bind,ro /proc/sys /proc/sys || exit 126\nexec \"$@\"";

    /// <summary>
    /// Process 1 of the pod: passes signals on (the kernel drops those that process 1 itself does not handle) and buries orphans.
    /// </summary>
    private const string InitScript =
        """
        env --default-signal=INT,QUIT "$@" <&0 &
        child=$!
        for signal in TERM INT HUP QUIT USR1 USR2; do trap "kill -$signal $child" $signal; done
        while :; do wait $child; code=$?; kill -0 $child 2>/dev/null || exit $code; done
        """;

    /// <summary>Builds walls in <paramref name="network"/> and starts <paramref name="words"/> behind them as process 1's child.</summary>
    public static ChildProcess Start(PodNetwork network, WallSpec walls, IReadOnlyList<string> words, CommandSurroundings surroundings) => network.Within(() =>
    {
        WorkloadWalls.Build(walls);
        List<string> arguments = ["-c", EnterScript, "weft-walls", .. DropPrivilege(walls.User),
            Tool.Require("unshare"), "--user", $"--map-user={WorkloadUser.InsideId}", $"--map-group={WorkloadUser.InsideId}", "--",
            Tool.Require("setpriv"), "--no-new-privs", "/bin/sh", "-c", InitScript, "weft-init", .. Resolved(words, surroundings.Environment)];
        return ChildProcess.Start(new ProcessSpec
        {
            Path = "/bin/sh",
            Arguments = arguments,
            Environment = surroundings.Environment,
            WorkingDirectory = surroundings.WorkingDirectory,
            Descriptors = surroundings.Descriptors,
            NewSession = true,
            NewProcessIds = true,
        });
    });

    /// <summary>Starts one more process behind the walls of a running workload, equal to it in every right.</summary>
    /// <param name="network">The pod's.</param>
    /// <param name="init">Process 1 of the workload, by our process ids.</param>
    /// <param name="user">As the walls were built.</param>
    /// <param name="words">What to run; looked up on its PATH inside.</param>
    /// <param name="surroundings">Environment, folder, descriptors.</param>
    public static ChildProcess Enter(PodNetwork network, ChildProcess init, WorkloadUser user, IReadOnlyList<string> words, CommandSurroundings surroundings) => network.Within(() =>
        ChildProcess.Start(new ProcessSpec
        {
            Path = Tool.Require("nsenter"),
            Arguments =
            [
                "--target", init.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), "--mount", "--uts", "--ipc", "--pid",
                "--", .. DropPrivilege(user),
                Tool.Require("nsenter"), "--target", "1", "--user", "--preserve-credentials", "--",
                Tool.Require("setpriv"), "--no-new-privs",
                "/bin/sh", "-c", "cd -- \"$0\" && exec \"$@\"", surroundings.WorkingDirectory, .. Resolved(words, surroundings.Environment),
            ],
            Environment = surroundings.Environment,
            Descriptors = surroundings.Descriptors,
            NewSession = true,
        }));

    private static string[] DropPrivilege(WorkloadUser user) => user.IsRoot
        ? [Tool.Require("setpriv"), $"--reuid={WorkloadUser.OutsideId}", $"--regid={WorkloadUser.OutsideId}", "--clear-groups", "--inh-caps=-all", "--"]
        : [];

    /// <summary>The command's own path, so that a missing program is a clear message and not a shell's.</summary>
    private static List<string> Resolved(IReadOnlyList<string> words, IReadOnlyDictionary<string, string> environment)
    {
        if (words.Count == 0)
        {
            throw new InvalidOperationException("there is nothing to run");
        }

        if (words[0].Contains('/', StringComparison.Ordinal))
        {
            return [.. words];
        }

        string found = environment.GetValueOrDefault("PATH", string.Empty).Split(':')
            .Select(folder => Path.Combine(folder, words[0]))
            .FirstOrDefault(File.Exists) ?? throw new InvalidOperationException($"{words[0]} is not on the PATH of the pod");
        return [found, .. words.Skip(1)];
    }
}

/// <summary>What a command gets from outside its walls.</summary>
/// <param name="Environment">Its whole environment.</param>
/// <param name="WorkingDirectory">Where it starts.</param>
/// <param name="Descriptors">Its number → ours.</param>
public sealed record CommandSurroundings(
    IReadOnlyDictionary<string, string> Environment, string WorkingDirectory, IReadOnlyDictionary<int, SafeHandle> Descriptors);
