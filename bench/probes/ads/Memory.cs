using System;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Weft.Probes.Ads;

/// <summary>What /proc says of this process.</summary>
internal static class Memory
{
    public static string Line(string name)
    {
        var rollup = File.ReadLines("/proc/self/smaps_rollup").Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .ToDictionary(parts => parts[0], parts => double.Parse(parts[1], CultureInfo.InvariantCulture) / 1024);
        var isPrivate = rollup["Private_Clean:"] + rollup["Private_Dirty:"];
        var threads = Directory.GetDirectories("/proc/self/task").Length;
        return string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {rollup["Rss:"]:0.0} | {isPrivate:0.0} | {rollup["Private_Dirty:"]:0.0} | {GC.GetTotalMemory(false) / 1048576.0:0.0} | {threads} | {new FileInfo(Environment.ProcessPath!).Length / 1048576.0:0.0} |");
    }
}
