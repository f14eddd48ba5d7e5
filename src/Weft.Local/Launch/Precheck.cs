using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using Weft.Interception;
using Weft.Local.Pods;

namespace Weft.Local.Launch;

/// <summary>
/// Looks whether a machine can run a mesh by doing, in namespaces that vanish at once, what <c>weft up</c> will do. Changes
/// nothing of the host.
/// </summary>
public static class Precheck
{
    private const string InstallHint = "apt-get install -y ";

    /// <param name="doors">Ports of 127.0.0.1 that should be free.</param>
    public static IReadOnlyList<PrecheckResult> Run(IReadOnlyList<int> doors) =>
    [
        Kernel(),
        Program("unshare", "util-linux"), Program("nsenter", "util-linux"), Program("setpriv", "util-linux"), Program("mount", "mount"),
        Program("ip", "iproute2"), Program("iptables-restore", "iptables"), Program("iptables-save", "iptables"),
        Namespaces(), NestedNamespace(), Rules(), Foreign(),
        Library(),
        .. doors.Select(Door),
        Optional("redis-server", "redis-server", "the sample samples/grid keeps its store in a real Redis"),
    ];

    private static PrecheckResult Kernel()
    {
        string release = File.ReadAllText("/proc/sys/kernel/osrelease").Trim();
        string[] parts = release.Split('.', '-');
        bool isOld = parts.Length < 2 || !int.TryParse(parts[0], out int major) || !int.TryParse(parts[1], out int minor) || (major, minor).CompareTo((5, 4)) < 0;
        return isOld
            ? new PrecheckResult("kernel", PrecheckVerdict.Missing, release, "Linux 5.4 or later is needed (pidfd); 5.12 or later makes workloads' file systems read-only")
            : new PrecheckResult("kernel", PrecheckVerdict.Fine, release);
    }

    private static PrecheckResult Program(string name, string package) => Tool.Find(name) is { } path
        ? new PrecheckResult(name, PrecheckVerdict.Fine, path)
        : new PrecheckResult(name, PrecheckVerdict.Missing, "not installed", InstallHint + package);

    private static PrecheckResult Optional(string name, string package, string why) => Tool.Find(name) is { } path
        ? new PrecheckResult(name, PrecheckVerdict.Fine, path)
        : new PrecheckResult(name, PrecheckVerdict.Optional, "not installed: " + why, InstallHint + package + "   (then: systemctl disable --now redis-server)");

    private static PrecheckResult Namespaces()
    {
        (int exit, string said) = InNamespaces("true");
        return exit == 0
            ? new PrecheckResult("namespaces", PrecheckVerdict.Fine, MeshPaths.IsRoot ? "allowed (root)" : "allowed without root")
            : new PrecheckResult("namespaces", PrecheckVerdict.Missing, said.Trim(), NamespaceRemedy());
    }

    private static PrecheckResult NestedNamespace()
    {
        (int exit, string said) = InNamespaces($"{DropWhenRoot()}unshare --user --map-user=1000 --map-group=1000 setpriv --no-new-privs true");
        return exit == 0
            ? new PrecheckResult("walls around workloads", PrecheckVerdict.Fine, "a nested user namespace is allowed")
            : new PrecheckResult("walls around workloads", PrecheckVerdict.Missing, said.Trim(), NamespaceRemedy());
    }

    private static PrecheckResult Rules()
    {
        string rules = IptablesText.Render(RedirectRules.Build(new InterceptionSettings { Guards = MeshPaths.IsRoot ? LoopGuards.Owner with { Mark = LoopGuards.ProxyId } : LoopGuards.SocketMark }));
        (int exit, string said) = InNamespaces("ip link set dev lo up && iptables-restore --noflush", rules);
        return exit == 0
            ? new PrecheckResult("redirection", PrecheckVerdict.Fine, "iptables takes the rules (nat, REDIRECT, mark)")
            : new PrecheckResult("redirection", PrecheckVerdict.Missing, said.Trim(), "the kernel lacks a module; as root: modprobe -a ip_tables iptable_nat xt_REDIRECT xt_mark nf_tables, or choose the other back end with update-alternatives --config iptables");
    }

    /// <summary>On the host nothing of ours is ever written; rules there can still keep the doors from being reached.</summary>
    private static PrecheckResult Foreign()
    {
        (int exit, string saved) = Tool.Find("iptables-save") is null ? (1, string.Empty) : Tool.TryRun("iptables-save", ["-t", "nat"]);
        if (exit != 0)
        {
            return new PrecheckResult("host rules", PrecheckVerdict.Fine, "not readable for this user; pods have network namespaces of their own");
        }

        RuleTable wanted = RedirectRules.Build(new InterceptionSettings { Guards = LoopGuards.Owner });
        IReadOnlyList<RuleConflict> conflicts = InterceptionPlan.Make(wanted, IptablesText.Parse(saved)).Conflicts;
        List<string> others = [.. conflicts.Select(conflict => conflict.ToString())];
        return others.Count == 0
            ? new PrecheckResult("host rules", PrecheckVerdict.Fine, "no rule of the host redirects local traffic")
            : new PrecheckResult("host rules", PrecheckVerdict.Optional, "the host redirects traffic: " + string.Join("; ", others), "weft leaves these alone; a door that cannot be reached may be theirs");
    }

    private static PrecheckResult Library()
    {
        string[] folders = ["/usr/lib/x86_64-linux-gnu", "/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib", "/lib64"];
        string? found = folders.Select(folder => Path.Combine(folder, "libssl.so.3")).FirstOrDefault(File.Exists);
        return found is not null
            ? new PrecheckResult("libssl.so.3", PrecheckVerdict.Fine, found)
            : new PrecheckResult("libssl.so.3", PrecheckVerdict.Missing, "not found", InstallHint + "libssl3");
    }

    private static PrecheckResult Door(int port)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen(1);
            return new PrecheckResult($"127.0.0.1:{port}", PrecheckVerdict.Fine, "free");
        }
        catch (SocketException exception)
        {
            return new PrecheckResult($"127.0.0.1:{port}", PrecheckVerdict.Optional, exception.SocketErrorCode == SocketError.AddressAlreadyInUse ? "in use" : exception.Message,
                $"ss -ltnp 'sport = :{port}' shows by whom; or choose another with weft up --door");
        }
    }

    private static (int Exit, string Output) InNamespaces(string command, string input = "")
    {
        if (Tool.Find("unshare") is null)
        {
            return (1, "unshare is not installed");
        }

        string[] user = MeshPaths.IsRoot ? [] : ["--user", "--map-root-user"];
        return Tool.TryRun("unshare", [.. user, "--net", "--mount", "--pid", "--ipc", "--uts", "--mount-proc", "--fork", "--kill-child", "--", "/bin/sh", "-c", command], input);
    }

    private static string DropWhenRoot() => MeshPaths.IsRoot ? $"setpriv --reuid={WorkloadUser.OutsideId} --regid={WorkloadUser.OutsideId} --clear-groups -- " : string.Empty;

    /// <summary>Which of the known locks this machine has, and its key.</summary>
    private static string NamespaceRemedy()
    {
        if (ReadSetting("kernel/apparmor_restrict_unprivileged_userns") == "1")
        {
            return "Ubuntu's AppArmor forbids user namespaces to ordinary users; as root: sysctl -w kernel.apparmor_restrict_unprivileged_userns=0 (to keep: echo 'kernel.apparmor_restrict_unprivileged_userns=0' > /etc/sysctl.d/60-weft.conf), or run weft as root";
        }

        if (ReadSetting("kernel/unprivileged_userns_clone") == "0")
        {
            return "user namespaces are switched off for ordinary users; as root: sysctl -w kernel.unprivileged_userns_clone=1";
        }

        return ReadSetting("user/max_user_namespaces") == "0"
            ? "user namespaces are switched off; as root: sysctl -w user.max_user_namespaces=15000"
            : "inside a container: start it with --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined, or run on the host";
    }

    private static string? ReadSetting(string name)
    {
        try
        {
            return File.ReadAllText("/proc/sys/" + name).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
