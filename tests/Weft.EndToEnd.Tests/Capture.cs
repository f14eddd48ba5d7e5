using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;

namespace Weft.EndToEnd.Tests;

/// <summary>tcpdump on what crosses between pods (not on loopback, where proxy and workload talk), inside a pod's network namespace, entered through the pod's proxy as the machine's owner may.</summary>
internal sealed class Capture : IAsyncDisposable
{
    private readonly Process _tcpdump;
    private readonly string _file;

    private Capture(Process tcpdump, string file) => (_tcpdump, _file) = (tcpdump, file);

    public static async Task<Capture> StartAsync(GridMesh mesh, string workload)
    {
        string file = Path.Combine(mesh.Directory, workload + ".pcap");
        string enter = File.Exists("/proc/self/ns/user") && Environment.UserName != "root" ? "-Un" : "-n";
        ProcessStartInfo start = new("nsenter", ["-t", ProxyOf(mesh.Directory, workload), enter, "--preserve-credentials", "tcpdump", "-i", "eth0", "--immediate-mode", "-U", "-s", "0", "-w", file, "tcp"]) { RedirectStandardError = true };
        Process tcpdump = Process.Start(start)!;
        // "tcpdump: listening on any" is the promise that what follows is captured.
        while (await tcpdump.StandardError.ReadLineAsync() is { } line && !line.Contains("listening", StringComparison.Ordinal))
        {
        }

        return new(tcpdump, file);
    }

    public async Task<byte[]> StopAsync()
    {
        using Process end = Process.Start("kill", ["-INT", $"{_tcpdump.Id}"]);
        await end.WaitForExitAsync();
        await _tcpdump.WaitForExitAsync();
        return await File.ReadAllBytesAsync(_file);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_tcpdump.HasExited)
        {
            _tcpdump.Kill();
            await _tcpdump.WaitForExitAsync();
        }

        _tcpdump.Dispose();
    }

    /// <summary>The proxy of this mesh: its working folder is RUN/pods/NAMESPACE/POD, and RUN/directory names the mesh. Another mesh may run beside us.</summary>
    private static string ProxyOf(string mesh, string workload) =>
        System.IO.Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
            .First(pid => int.TryParse(pid, out _) && CommandLine(pid!) is { } line
                && Path.GetFileName(line[0]) == "weft-proxy" && line.Any(argument => argument.StartsWith(workload + "-", StringComparison.Ordinal))
                && File.ReadAllText(Path.Combine(File.ResolveLinkTarget($"/proc/{pid}/cwd", false)!.FullName, "..", "..", "..", "directory")).Trim() == mesh)!;

    private static string[]? CommandLine(string pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Split('\0', StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } line ? line : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
