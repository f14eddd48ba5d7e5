using System;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Weft.LoadBench;

/// <summary>What one slice of load saw. Latencies in milliseconds.</summary>
internal sealed record Slice(long Requests, double Seconds, double P50, double P99, long Errors);

/// <summary>wrk, the load generator of Debian, pinned to the first core beside the back end.</summary>
internal static partial class Wrk
{
    public static Slice Run(string url, int connections, int seconds)
    {
        ProcessStartInfo start = new("taskset", ["-c", "0", "wrk", "-t1", $"-c{connections}", $"-d{seconds}s", "--latency", url]) { RedirectStandardOutput = true };
        using Process wrk = Process.Start(start) ?? throw new InvalidOperationException("wrk did not start; apt-get install wrk");
        string output = wrk.StandardOutput.ReadToEnd();
        wrk.WaitForExit();
        Match total = Total().Match(output);
        if (!total.Success)
        {
            throw new InvalidOperationException($"wrk said nothing of requests:\n{output}");
        }

        Match refused = Refused().Match(output), socket = Socket().Match(output);
        long errors = refused.Success ? long.Parse(refused.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : 0;
        for (int i = 1; socket.Success && i <= 4; i++)
        {
            errors += long.Parse(socket.Groups[i].ValueSpan, CultureInfo.InvariantCulture);
        }

        return new(long.Parse(total.Groups[1].ValueSpan, CultureInfo.InvariantCulture), double.Parse(total.Groups[2].ValueSpan, CultureInfo.InvariantCulture),
            Percentile(output, "50%"), Percentile(output, "99%"), errors);
    }

    private static double Percentile(string output, string which)
    {
        Match match = Regex.Match(output, $@"^\s*{which}\s+([\d.]+)(us|ms|s)", RegexOptions.Multiline);
        double value = double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        return match.Groups[2].Value switch { "us" => value / 1000, "s" => value * 1000, _ => value };
    }

    [GeneratedRegex(@"(\d+) requests in ([\d.]+)s")]
    private static partial Regex Total();

    [GeneratedRegex(@"Non-2xx or 3xx responses: (\d+)")]
    private static partial Regex Refused();

    [GeneratedRegex(@"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)")]
    private static partial Regex Socket();
}
