using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading.Tasks;

namespace Weft.EndToEnd.Tests;

/// <summary>What a command printed and how it ended.</summary>
internal sealed record Outcome(int Code, string Output, string Error, TimeSpan Took)
{
    public string Expect(int code = 0) =>
        Code == code ? Output : throw new InvalidOperationException($"ended with {Code}, not {code}\nstdout: {Output}\nstderr: {Error}");
}

/// <summary>Runs commands as a person would, each with a deadline.</summary>
internal static class Shell
{
    public static async Task<Outcome> RunAsync(string file, IEnumerable<string> arguments, string? input = null, int seconds = 60)
    {
        ProcessStartInfo start = new(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        long begun = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        if (input is not null)
        {
            await process.StandardInput.WriteAsync(input);
        }

        process.StandardInput.Close();
        using System.Threading.CancellationTokenSource deadline = new(TimeSpan.FromSeconds(seconds));
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException($"{file} {string.Join(' ', arguments)} did not end within {seconds} s");
        }

        return new(process.ExitCode, await output, await error, Stopwatch.GetElapsedTime(begun));
    }
}
