using System;
using System.Globalization;
using System.Linq;
using System.Net.Http;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace Weft.LoadBench;

/// <summary>
/// The gate of the garbage collector: while endpoints change 100 times a second among 1,000 services, the longest pause of weft-proxy stays
/// within 2 ms and collections within 0.5 % of wall time; the client's p99 is reported beside it.
/// </summary>
internal static class GcGate
{
    private const int Services = 1000, UpdatesPerSecond = 100;
    private const double LongestPauseMilliseconds = 2, WallPercent = 0.5;

    public static async Task<int> RunAsync(string root, string folder, int seconds, int connections, Func<string, int, Task> waitFor)
    {
        Ports ports = Ports.From(19040);
        await using WeftPeer weft = await WeftPeer.StartAsync(root, folder, ports, Services);
        await waitFor("weft", ports.Plain);
        Wrk.Run($"http://127.0.0.1:{ports.Plain}/", connections, 2);
        Slice quiet = Wrk.Run($"http://127.0.0.1:{ports.Plain}/", connections, seconds);

        // The pauses of the first load of a thousand services are start-up, not steady state.
        await ResetAsync(System.IO.Path.Combine(folder, "front.sock"));
        using HttpClient admin = new() { BaseAddress = new($"http://127.0.0.1:{ports.Admin}") };
        double pausedBefore = await StatAsync(admin, "weft_gc_pause_seconds_total"), collectionsBefore = await StatAsync(admin, "weft_gc_collections_total");
        using CancellationTokenSource done = new();
        Task<int> pushing = PushAsync(weft.Server, done.Token);
        Slice busy = await Task.Run(() => Wrk.Run($"http://127.0.0.1:{ports.Plain}/", connections, seconds));
        await done.CancelAsync();
        int pushed = await pushing;
        double paused = await StatAsync(admin, "weft_gc_pause_seconds_total") - pausedBefore, collections = await StatAsync(admin, "weft_gc_collections_total") - collectionsBefore;
        double longest = await StatAsync(admin, "weft_gc_pause_max_seconds") * 1000, share = paused / busy.Seconds * 100;

        bool holds = longest <= LongestPauseMilliseconds && share <= WallPercent;
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            | gate | measured | allowed |
            |---|---|---|
            | longest GC pause, ms | {longest:0.00} | {LongestPauseMilliseconds} |
            | GC share of wall time, % | {share:0.000} | {WallPercent} |
            | collections in {busy.Seconds:0} s | {collections:0} | |
            | endpoint updates pushed | {pushed} | |
            | client p50 / p99, ms, updates off | {quiet.P50:0.00} / {quiet.P99:0.00} | |
            | client p50 / p99, ms, updates on | {busy.P50:0.00} / {busy.P99:0.00} | |
            | failed requests | {quiet.Errors + busy.Errors} | 0 |
            | RSS, MiB | {weft.Processes[0].ResidentMiB():0} | |
            """));
        return holds && quiet.Errors + busy.Errors == 0 ? 0 : 1;
    }

    private static async Task<int> PushAsync(FixtureServer server, CancellationToken cancellation)
    {
        using PeriodicTimer timer = new(TimeSpan.FromSeconds(1.0 / UpdatesPerSecond));
        int turn = 0;
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
            {
                int service = turn++ * 7919 % Services;
                server.Push($"extra-{service}", WeftPeer.ExtraEndpoints(service, turn));
            }
        }
        catch (OperationCanceledException)
        {
        }

        return turn;
    }

    private static async Task ResetAsync(string adminSocket)
    {
        using HttpClient client = new(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(adminSocket), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        (await client.PostAsync(new Uri("http://admin/reset_counters"), null)).EnsureSuccessStatusCode();
    }

    /// <summary>The sum of a metric over its labels, from the Prometheus text.</summary>
    private static async Task<double> StatAsync(HttpClient admin, string name) =>
        (await admin.GetStringAsync("/stats/prometheus")).Split('\n')
            .Where(line => line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[name.Length] is ' ' or '{')
            .Sum(line => double.Parse(line.AsSpan(line.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture));
}
