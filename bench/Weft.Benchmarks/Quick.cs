using System;
using System.Diagnostics;

namespace Weft.Benchmarks;

/// <summary>A first number in two seconds, for the work at hand; BenchmarkDotNet has the word on a claim.</summary>
internal static class Quick
{
    public static void Run()
    {
        // What a known dependency chain takes now (4 cycles a byte): divide by it before comparing two runs on a busy machine.
        Time("Calibration", static () => Fnv(HttpBytes.Request));
        var http = new Http1Benchmarks();
        Time("ParseRequest", () => http.ParseRequest());
        Time("ParseRequestAndRewrite", () => http.ParseRequestAndRewrite());
        Time("ParseResponseAndRewrite", () => http.ParseResponseAndRewrite());
        Time("ParseChunkedBody", () => http.ParseChunkedBody());
        Time("NormalizePath", () => http.NormalizePath());
        var sniff = new SniffBenchmarks();
        Time("ReadClientHello", () => sniff.ReadClientHello());
        var telemetry = new TelemetryBenchmarks();
        Time("RecordRequest", telemetry.RecordRequest);
        Time("FormatText", () => telemetry.FormatText());
        Time("FormatJson", () => telemetry.FormatJson());
        Time("WriteRequestId", telemetry.WriteRequestId);
    }

    /// <summary>Under <c>DOTNET_PerfMapEnabled=1 perf record</c>.</summary>
    public static void Spin()
    {
        var http = new Http1Benchmarks();
        for (int i = 0; i < 10_000_000; i++) http.ParseRequestAndRewrite();
    }

    private static uint Fnv(byte[] bytes)
    {
        uint hash = 2166136261;
        foreach (byte b in bytes) hash = (hash ^ b) * 16777619;
        return hash;
    }

    private static void Time(string name, Action action)
    {
        double best = double.MaxValue;
        // Many short rounds: the best one was not interrupted, whatever else the machine does.
        for (int round = 0; round < 400; round++)
        {
            const int Operations = 500;
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < Operations; i++) action();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalNanoseconds / Operations);
        }

        Console.WriteLine($"{name,-26} {best,8:0.0} ns");
    }
}
