using System;
using System.IO;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using Weft.Config;
using Weft.Identity;
using Weft.Local.Control;
using Weft.Local.Controllers;
using Weft.Local.Pods;
using Weft.Native.Processes;
using Weft.Store;

namespace Weft.Local.Machine;

/// <summary>
/// The whole machine: process 1 of its own process, network and mount namespaces, which <c>unshare</c> made before us. When this
/// process ends, for whatever reason, the kernel ends everything that it started.
/// </summary>
public sealed class MachineHost : IDisposable
{
    private static readonly TimeSpan ProxyAckTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LogCheck = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestGoodbye = TimeSpan.FromSeconds(4);
    private const long LargestLog = 16 << 20;

    private readonly MachineOptions _options;
    private readonly MachineLog _log;
    private readonly TimeProvider _clock = TimeProvider.System;
    private readonly CancellationTokenSource _end = new();

    public MachineHost(MachineOptions options, MachineLog log)
    {
        _options = options;
        _log = log;
    }

    /// <summary>Runs until somebody asks it to end, or its launcher is gone.</summary>
    public async Task<int> RunAsync()
    {
        NetworkPlan plan = new();
        MachineNetwork.SetUp(plan);
        ServiceAddresses addresses = new(new AddressPool(plan.ServicePrefix.First, plan.ServicePrefix.Second));
        ObjectStore store = new(new StoreOptions { Admit = (incoming, _) => addresses.Admit(incoming) }, _clock);
        using ServiceAccountTokenIssuer tokens = ServiceAccountTokenIssuer.Create();
        await ApiServer.StartAsync(_options.Paths.ApiSocket, store, tokens, _clock);
        foreach (ReadResult read in ResourceReader.ReadYaml(GatewayManifest.Yaml, ReadOptions.FromApi).Objects)
        {
            store.Put(read.Resource ?? throw new InvalidDataException(string.Join("; ", read.Diagnostics)));
        }

        using Journal lastGood = Journal.Open(Path.Combine(_options.Paths.StateDirectory, "manifests.journal"));
        using DirectorySource source = new(store, _options.Paths.Directory, new DirectorySourceOptions { LastGood = lastGood }, _clock);
        source.Start();

        WeftdProcess weftd = new(_options, plan, _clock, _log);
        PodServices services = new()
        {
            Options = _options,
            Network = plan,
            Store = store,
            Tokens = tokens,
            Clock = _clock,
            Log = _log,
            RootCertificate = weftd.RootCertificateAsync(_clock, _end.Token),
            WaitForProxies = WaitForProxiesAsync,
        };
        Kubelet kubelet = new(services, _end.Token);
        using DnsServer dns = new(plan.MachineAddress, new MeshNames(store));
        using StatusReader status = new(services, kubelet, weftd, () => source.State);
        using ControlServer control = new(services, kubelet, status, settle => settle ? source.ReadNow() : source.State, End);
        _log.Say($"the machine runs {_options.Paths.Directory} ({(_options.IsRoot ? "root" : "rootless")})");
        Task[] tasks = [dns.RunAsync(_end.Token), new ControllerLoop(services, kubelet).RunAsync(_end.Token), RotateLogsAsync()];
        WatchLifeline();
        await Task.WhenAll(tasks);
        await Task.WhenAny(kubelet.WhenAllEnded(), Task.Delay(LongestGoodbye, _clock));
        return 0;
    }

    public void Dispose() => _end.Dispose();

    /// <summary>Asks it to end; any thread.</summary>
    public void End()
    {
        try
        {
            _end.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended already.
        }
    }

    /// <summary>
    /// Asks weftd whether every connected proxy has taken a state that includes the store's <paramref name="revision"/>. A weftd
    /// that is dead or old must not keep a pod alive: after the timeout removal goes on.
    /// </summary>
    private async Task WaitForProxiesAsync(long revision, CancellationToken cancellation)
    {
        try
        {
            using HttpClient client = UnixHttp.Client(_options.Paths.WeftdDebugSocket, ProxyAckTimeout + TimeSpan.FromSeconds(1));
            using HttpResponseMessage answer = await client.GetAsync(new Uri($"debug/wait?resourceVersion={revision}&timeout={ProxyAckTimeout.TotalSeconds:0}", UriKind.Relative), cancellation);
            if (!answer.IsSuccessStatusCode)
            {
                _log.Say($"weftd did not confirm revision {revision}: {(int)answer.StatusCode}");
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            _log.Say($"weftd did not confirm revision {revision}: {exception.Message}");
        }
    }

    /// <summary>The launcher holds the other end and never writes: end of file is its death, by kill -9 too.</summary>
    private void WatchLifeline()
    {
        if (_options.Lifeline is not { } lifeline)
        {
            return;
        }

        new Thread(() =>
        {
            byte[] buffer = new byte[1];
            using FileStream stream = new(lifeline, FileAccess.Read, bufferSize: 0);
            try
            {
                while (stream.Read(buffer) > 0)
                {
                }
            }
            catch (IOException)
            {
                // The same: nobody holds the other end.
            }

            _log.Say("the launcher is gone; ending");
            End();
        })
        { IsBackground = true, Name = "weft-lifeline" }.Start();
    }

    private async Task RotateLogsAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            await Task.Delay(LogCheck, _clock, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                foreach (string log in Directory.EnumerateFiles(_options.Paths.RunDirectory, "*.log", SearchOption.AllDirectories))
                {
                    AppendFile.Rotate(log, LargestLog);
                }
            }
            catch (IOException)
            {
                // A pod's folder went while it was looked at.
            }
        }
    }
}
