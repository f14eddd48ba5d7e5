using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Threading.Tasks;
using Weft.LoadBench;

// bench/run [--rounds N] [--seconds N] [--connections N] [--peers nginx,envoy,weft] | --gc: weft-proxy beside nginx and Envoy on the same work, one table.
// The load and the back end share the first core, the proxies the second. Peers take turns; figures are medians of the rounds.
int rounds = Option("--rounds", 5), seconds = Option("--seconds", 4), connections = Option("--connections", 64);
string root = Environment.GetEnvironmentVariable("WEFT_ROOT") ?? Directory.GetCurrentDirectory();
string folder = Directory.CreateTempSubdirectory("weft-bench-").FullName;
File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
Certificates.Write(folder);

List<(string Name, Ports Ports, IReadOnlyList<Measured> Processes)> peers = [];
List<IDisposable> closing = [];
try
{
    closing.Add(NginxPeer.StartBackend(folder));
    if (args.Contains("--gc"))
    {
        return await GcGate.RunAsync(root, folder, seconds, connections, WaitForAsync);
    }

    if (Wanted("nginx"))
    {
        Add("nginx", Ports.From(19010), ports => NginxPeer.Start(folder, ports));
    }

    if (Wanted("envoy") && EnvoyPeer.Find(root) is { } envoy)
    {
        Add("envoy", Ports.From(19020), ports => EnvoyPeer.Start(envoy, folder, ports));
    }
    else if (Wanted("envoy"))
    {
        Console.Error.WriteLine("bench: no Envoy beside this checkout (../shared/peers/envoy); its column is left out");
    }

    await using WeftPeer? weft = Wanted("weft") ? await WeftPeer.StartAsync(root, folder, Ports.From(19030)) : null;
    if (weft is not null)
    {
        peers.Add(("weft", Ports.From(19030), weft.Processes));
    }

    foreach (var (name, ports, _) in peers)
    {
        foreach (Kind kind in Enum.GetValues<Kind>())
        {
            await WaitForAsync(name, ports.Of(kind));
        }
    }

    Dictionary<(string, Kind), List<(double User, double System, Slice Slice)>> results = [];
    for (int round = 0; round < rounds + 1; round++)
    {
        foreach (Kind kind in Enum.GetValues<Kind>())
        {
            for (int i = 0; i < peers.Count; i++)
            {
                var (name, ports, processes) = peers[(i + round) % peers.Count];
                Measured[] measured = [.. processes.Take(kind == Kind.Pair ? 2 : 1)];
                var before = Cpu(measured);
                Slice slice = Wrk.Run($"http://127.0.0.1:{ports.Of(kind)}/", connections, round == 0 ? 1 : seconds);
                var after = Cpu(measured);
                if (round > 0) // the first round only warms up
                {
                    (results.TryGetValue((name, kind), out var list) ? list : results[(name, kind)] = []).Add(
                        ((after.User - before.User) * 1e6 / slice.Requests, (after.System - before.System) * 1e6 / slice.Requests, slice));
                }
            }
        }
    }

    Console.Out.WriteLine("| work | peer | CPU µs/request (min–max) | user | system | requests/s | p50 ms | p99 ms | errors | RSS MiB | ÷ nginx | ÷ Envoy |");
    Console.Out.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|");
    foreach (Kind kind in Enum.GetValues<Kind>())
    {
        foreach (var (name, _, processes) in peers)
        {
            var list = results[(name, kind)];
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {kind.ToString().ToLowerInvariant()} | {name} | {Median(list, r => r.User + r.System):0.0} ({list.Min(r => r.User + r.System):0.0}–{list.Max(r => r.User + r.System):0.0}) | {Median(list, r => r.User):0.0} | {Median(list, r => r.System):0.0} | {Median(list, r => r.Slice.Requests / r.Slice.Seconds):0} | {Median(list, r => r.Slice.P50):0.00} | {Median(list, r => r.Slice.P99):0.00} | {list.Sum(r => r.Slice.Errors)} | {processes.Take(kind == Kind.Pair ? 2 : 1).Sum(p => p.ResidentMiB()):0} | {Ratio("nginx")} | {Ratio("envoy")} |"));

            string Ratio(string peer) => results.TryGetValue((peer, kind), out var other)
                ? Median([.. list.Zip(other)], pair => (pair.First.User + pair.First.System) / (pair.Second.User + pair.Second.System)).ToString("0.00", CultureInfo.InvariantCulture)
                : "–";
        }
    }

    return 0;
}
finally
{
    closing.Reverse();
    closing.ForEach(process => process.Dispose());
    Directory.Delete(folder, recursive: true);
}

void Add(string name, Ports ports, Func<Ports, IReadOnlyList<Measured>> start)
{
    IReadOnlyList<Measured> processes = start(ports);
    closing.AddRange(processes);
    peers.Add((name, ports, processes));
}

int Option(string name, int otherwise) => Text(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

string? Text(string name) => args.SkipWhile(argument => argument != name).Skip(1).FirstOrDefault();

bool Wanted(string peer) => Text("--peers") is not { } list || list.Split(',').Contains(peer);

static double Median<T>(List<T> list, Func<T, double> figure) => list.Select(figure).Order().ElementAt(list.Count / 2);

static (double User, double System) Cpu(Measured[] processes) =>
    processes.Select(process => process.CpuSeconds()).Aggregate((User: 0.0, System: 0.0), (sum, one) => (sum.User + one.User, sum.System + one.System));

static async Task WaitForAsync(string name, int port)
{
    for (long begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(20); await Task.Delay(50))
    {
        try
        {
            using TcpClient client = new();
            await client.ConnectAsync("127.0.0.1", port);
            return;
        }
        catch (SocketException)
        {
        }
    }

    throw new TimeoutException($"{name} does not listen on 127.0.0.1:{port}");
}
