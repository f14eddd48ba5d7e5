using System;
using System.Threading;
using System.Threading.Tasks;

namespace Weft.Probes.Ads;

/// <summary>One idle delta-ADS stream over mutual TLS, and what the process then weighs. Arguments: folder with PEM files, port, seconds.</summary>
internal static class Program
{
    public static async Task Main(string[] args)
    {
        var material = Material.Load(args[0]);
        var port = int.Parse(args[1]);
        var idle = TimeSpan.FromSeconds(double.Parse(args[2]));
#if GRPC
        var stream = await GrpcProbe.OpenAsync(material, port);
        const string name = "Grpc.Net.Client";
#elif RAW
        var stream = RawProbe.Open(material, port);
        const string name = "HTTP/2 by hand";
#else
        const string name = "no stream";
        _ = port;
        GC.KeepAlive(material);
#endif
        await Task.Delay(idle);
        Console.WriteLine(Memory.Line(name));
#if GRPC || RAW
        GC.KeepAlive(stream);
#endif
        // Without taking the stream down: a reader that then fails would turn the result into an exit code.
        Environment.Exit(0);
    }
}
