using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Win32.SafeHandles;
using Weft.Local.Pods;
using Weft.Native;
using Weft.Native.Processes;

namespace Weft.Local.Machine;

/// <summary>weftd as a process of the machine: started beside the pods, restarted when it dies, a client of our API like any other.</summary>
public sealed class WeftdProcess
{
    private readonly SupervisedProcess _process;
    private readonly MachineOptions _options;

    public WeftdProcess(MachineOptions options, NetworkPlan plan, TimeProvider clock, MachineLog log)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _process = new SupervisedProcess("weftd", () => Start(options, plan), clock, log.Say);
    }

    public bool IsRunning => _process.Current is not null;

    public int Restarts => _process.Restarts;

    /// <summary>The mesh's root certificate as a file without a name, for the proxies; waits until weftd has written it.</summary>
    public async Task<MemoryFile> RootCertificateAsync(TimeProvider clock, CancellationToken cancellation)
    {
        string path = Path.Combine(_options.Paths.StateDirectory, "ca", "root-cert.pem");
        while (true)
        {
            if (File.Exists(path) && await File.ReadAllTextAsync(path, cancellation) is var pem && pem.Contains("-----END CERTIFICATE-----", StringComparison.Ordinal))
            {
                return MemoryFile.Create("root-cert.pem", pem);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), clock, cancellation);
        }
    }

    public Task StopAsync() => _process.StopAsync(TimeSpan.FromSeconds(2));

    private static ChildProcess Start(MachineOptions options, NetworkPlan plan)
    {
        using SafeFileHandle log = AppendFile.Open(options.Paths.WeftdLog);
        Dictionary<string, string> environment = new() { ["PATH"] = options.HostPath, ["HOME"] = "/tmp", ["LC_ALL"] = "C.UTF-8" };
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } dotnet)
        {
            environment["DOTNET_ROOT"] = dotnet;
        }

        return ChildProcess.Start(new ProcessSpec
        {
            Path = Path.Combine(options.BinaryDirectory, "weftd"),
            Arguments =
            [
                "--source", "unix:" + options.Paths.ApiSocket,
                "--state", options.Paths.StateDirectory,
                "--plaintext", "127.0.0.1:15010",
                "--secure", string.Create(CultureInfo.InvariantCulture, $"{plan.MachineAddress}:{plan.DiscoveryPort}"),
                "--debug-socket", options.Paths.WeftdDebugSocket,
                "--trust-domain", options.TrustDomain,
                "--default-mtls", options.DefaultMutualTls,
                "--root-namespace", "istio-system",
            ],
            Environment = environment,
            Descriptors = new Dictionary<int, SafeHandle> { [1] = log, [2] = log },
            NewSession = true,
        });
    }
}
