// GC pauses that a busy loop sees beside a thread that makes garbage, by gen0 budget and garbage rate.
//   nice dotnet run -c Release --project bench/probes/gc -- [seconds per cell]
// Each cell is a process of its own with DOTNET_GCGen0MaxBudget set. The garbage is like discovery's: short-lived strings and arrays over a live graph
// of 40,000 objects (reference/spike.md), of which one in fifty is replaced, so that something survives every collection.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["cell", ..])
{
    return Cell.Run(double.Parse(args[1], null), double.Parse(args[2], null));
}

double seconds = args.Length > 0 ? double.Parse(args[0], null) : 8;
Console.WriteLine("gen0 budget | garbage MB/s | collections g0/g1/g2 | longest pause ms | median ms | GC % of wall | loop's longest gap ms | RSS MiB");
foreach (string budget in new[] { "default", "100000", "200000", "400000" })
{
    foreach (int rate in new[] { 1, 5 })
    {
        ProcessStartInfo start = new(Environment.ProcessPath!, Self($"cell {rate} {seconds}")) { RedirectStandardOutput = true };
        if (budget != "default")
        {
            start.Environment["DOTNET_GCGen0MaxBudget"] = budget;
        }

        using Process child = Process.Start(start)!;
        string line = child.StandardOutput.ReadToEnd().Trim();
        child.WaitForExit();
        string name = budget == "default" ? "default" : int.Parse(budget, NumberStyles.HexNumber, null) / 1048576 + " MiB";
        Console.WriteLine($"{name,11} | {rate,12} | {line}");
    }
}

return 0;

static string Self(string rest) =>
    Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.GetCommandLineArgs()[0] + " " + rest : rest;

internal static class Cell
{
    private sealed class Node(Node? next, byte[] payload)
    {
        public Node? Next = next;
        public byte[] Payload = payload;
    }

    private static volatile bool _stop;
    private static Node[] _live = [];

    public static int Run(double megabytesPerSecond, double seconds)
    {
        _live = new Node[40_000];
        for (int index = 0; index < _live.Length; index++)
        {
            _live[index] = new Node(index > 0 ? _live[index - 1] : null, new byte[40 + (index % 100)]);
        }

        GC.Collect();
        Thread garbage = new(() => MakeGarbage(megabytesPerSecond)) { IsBackground = true };
        garbage.Start();

        int[] before = [GC.CollectionCount(0), GC.CollectionCount(1), GC.CollectionCount(2)];
        TimeSpan pausedBefore = GC.GetTotalPauseDuration();
        List<double> pauses = new(100_000);
        TimeSpan paused = pausedBefore;
        int seen = before[0];
        long longestGap = 0;
        Stopwatch clock = Stopwatch.StartNew();
        long last = clock.ElapsedTicks;
        ulong work = 1;
        while (clock.Elapsed.TotalSeconds < seconds)
        {
            // About 20 us of a loop's work between looks, allocating nothing.
            for (int index = 0; index < 20_000; index++)
            {
                work = (work * 6364136223846793005UL) + 1442695040888963407UL;
            }

            long now = clock.ElapsedTicks;
            longestGap = Math.Max(longestGap, now - last);
            last = now;
            if (GC.CollectionCount(0) != seen)
            {
                seen = GC.CollectionCount(0);
                TimeSpan total = GC.GetTotalPauseDuration();
                pauses.Add((total - paused).TotalMilliseconds);
                paused = total;
            }
        }

        _stop = true;
        GC.KeepAlive(work);
        double[] sorted = [.. pauses.Order()];
        double share = (GC.GetTotalPauseDuration() - pausedBefore).TotalSeconds / clock.Elapsed.TotalSeconds * 100;
        string counts = string.Join('/', Enumerable.Range(0, 3).Select(generation => GC.CollectionCount(generation) - before[generation]));
        Console.WriteLine(
            $"{counts,20} | {sorted.LastOrDefault(),16:F2} | {(sorted.Length == 0 ? 0 : sorted[sorted.Length / 2]),9:F2} | {share,12:F2} | "
            + $"{longestGap * 1000.0 / Stopwatch.Frequency,21:F2} | {Environment.WorkingSet / 1048576.0,7:F1}");
        return 0;
    }

    private static void MakeGarbage(double megabytesPerSecond)
    {
        const int Batch = 64 * 1024;
        Stopwatch clock = Stopwatch.StartNew();
        long made = 0;
        int next = 0;
        int count = 0;
        while (!_stop)
        {
            for (int batch = 0; batch < Batch;)
            {
                int size = 40 + (count % 400);
                byte[] bytes = new byte[size];
                batch += size + 24;
                if (++count % 50 == 0)
                {
                    _live[next] = new Node(_live[(next + 7) % _live.Length], bytes[..Math.Min(size, 100)]);
                    // Breaks the chain, so that the graph does not grow without end.
                    _live[next].Next!.Next = null;
                    next = (next + 1) % _live.Length;
                }
            }

            made += Batch;
            double ahead = (made / (megabytesPerSecond * 1048576)) - clock.Elapsed.TotalSeconds;
            if (ahead > 0)
            {
                Thread.Sleep(TimeSpan.FromSeconds(ahead));
            }
        }
    }
}
