using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;

namespace Weft.LoadBench;

/// <summary>A process whose CPU time and memory are read from /proc: the steady figures on a noisy machine.</summary>
internal sealed class Measured(string name, Process process) : IDisposable
{
    // USER_HZ is 100 on every Linux that .NET supports (man 5 proc).
    private const double TicksPerSecond = 100;

    public string Name => name;

    /// <summary>User and system time of the process and its threads since its start, in seconds.</summary>
    public (double User, double System) CpuSeconds()
    {
        string stat = File.ReadAllText($"/proc/{process.Id}/stat");
        // The second field is the command in parentheses and may hold spaces; utime is the 14th field, stime the 15th.
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (double.Parse(fields[11], CultureInfo.InvariantCulture) / TicksPerSecond, double.Parse(fields[12], CultureInfo.InvariantCulture) / TicksPerSecond);
    }

    /// <summary>Resident memory now, in MiB.</summary>
    public double ResidentMiB() => KiB("VmRSS") / 1024;

    private double KiB(string key)
    {
        foreach (string line in File.ReadLines($"/proc/{process.Id}/status"))
        {
            if (line.StartsWith(key, StringComparison.Ordinal))
            {
                return double.Parse(line.AsSpan(key.Length + 1).Trim().TrimEnd(" kB"), CultureInfo.InvariantCulture);
            }
        }

        return 0;
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }

        process.Dispose();
    }
}
