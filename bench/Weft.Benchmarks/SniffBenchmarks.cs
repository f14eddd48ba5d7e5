using BenchmarkDotNet.Attributes;
using Weft.Fuzz;
using Weft.Http.Sniff;

namespace Weft.Benchmarks;

/// <summary>What a new connection costs before anybody knows what it is.</summary>
[MemoryDiagnoser]
public class SniffBenchmarks
{
    private readonly byte[] _scratch = new byte[ClientHello.MaxBytes];
    private readonly byte[] _hello = Seeds.Hello("outbound_.8080_.v1_.forecast.grid.svc.cluster.local", ["istio-http/1.1", "istio", "http/1.1"]);

    [Benchmark]
    public bool ReadClientHello() => ClientHello.Read(_hello, _scratch, out ClientHello hello) == ClientHelloStatus.Complete && hello.Offers("http/1.1"u8);

    [Benchmark]
    public SniffedProtocol DetectHttp1() => new ProtocolSniffer().Push(HttpBytes.Request);
}
