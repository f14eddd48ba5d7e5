using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Weft.Proxy.Bootstrap;
using Weft.Proxy.Lifecycle;

// Exit codes: 0 ended after a whole drain (or as asked), 1 could not start, 2 wrong flags, 3 drained but had to cut something off, 143 told twice.
const int CouldNotStart = 1;
const int WrongFlags = 2;
const int CutOff = 3;
const int ToldTwice = 143;

// .NET looks for a certificate store in the home directory whenever it builds a chain, and fails where a user has none.
if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("HOME"))) Environment.SetEnvironmentVariable("HOME", "/nonexistent");

if (args is ["--help"] or ["-h"])
{
    Console.Out.WriteLine("weft-proxy: the proxy beside a workload, or at the edge of a mesh. Every flag is also an environment variable (--drain-seconds: WEFT_DRAIN_SECONDS).");
    foreach (var (flag, help) in OptionsReader.Flags) Console.Out.WriteLine($"  --{flag,-22} {help}");
    return 0;
}

if (!OptionsReader.TryRead(args, Environment.GetEnvironmentVariable, out var options, out var problems))
{
    foreach (string problem in problems) Console.Error.WriteLine($"error: {problem}");
    return WrongFlags;
}

static void Log(string line) => Console.Error.WriteLine($"{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ss.fffZ} {line}");

var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
using var hurry = new CancellationTokenSource();
int signals = 0;

void OnSignal(PosixSignalContext context)
{
    context.Cancel = true;
    if (Interlocked.Increment(ref signals) == 1) end.TrySetResult();
    else hurry.Cancel();
}

using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);

Stream? accessLog = options.AccessLog ? Console.OpenStandardOutput() : null;
var host = new ProxyHost(options, accessLog, Log);
try
{
    host.Start();
}
catch (Exception error) when (error is System.ComponentModel.Win32Exception or System.Net.Sockets.SocketException or InvalidOperationException or IOException)
{
    Log($"error: {error.Message}");
    return CouldNotStart;
}

Log($"info: weft-proxy {options.NodeId}, {options.Loops} loops, discovery {(options.Discovery.Length > 0 ? options.Discovery : "none")}");
int exit = 0;
if (await Task.WhenAny(end.Task, host.Quit).ConfigureAwait(false) == end.Task)
{
    bool whole = await host.DrainAsync(hurry.Token).ConfigureAwait(false);
    exit = hurry.IsCancellationRequested ? ToldTwice : whole ? 0 : CutOff;
    if (!whole) Log($"warning: ended with {host.Active} requests or connections under way");
}

await host.DisposeAsync().ConfigureAwait(false);
return exit;
