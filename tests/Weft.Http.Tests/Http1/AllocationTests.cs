using System;
using Weft.Http.Http1;
using Weft.Http.Sniff;
using Weft.Testing;

namespace Weft.Http.Tests.Http1;

/// <summary>Nothing here may allocate for what a peer sends: 0 bytes, in budgets.json as here.</summary>
public sealed class AllocationTests
{
    private static readonly byte[] Request = [.. "POST /a/./b?c HTTP/1.1\r\nHost: Forecast:8080\r\nUser-Agent: curl\r\nConnection: x-hop\r\nx-hop: 1\r\nX:y\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n"u8];
    private static readonly byte[] Response = [.. "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello"u8];
    private static readonly byte[] Refused = [.. "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n"u8];

    private readonly Http1Scratch _scratch = new(new Http1Limits());
    private readonly byte[] _output = new byte[4096];

    [Fact]
    public void ParseAndRewrite_OfARequest_AllocatesNothing() => Assert.Equal(0, Allocations.Of(2000, () =>
    {
        var parser = new Http1Parser(Http1Role.Server);
        var sink = new Rewriter { Output = _output };
        parser.Push(Request, _scratch, ref sink, out _);
    }));

    [Fact]
    public void Parse_OfAResponse_AllocatesNothing() => Assert.Equal(0, Allocations.Of(2000, () =>
    {
        var parser = new Http1Parser(Http1Role.Client);
        parser.ExpectResponse(KnownMethod.Get);
        var sink = new CountingSink();
        parser.Push(Response, _scratch, ref sink, out _);
    }));

    [Fact]
    public void Refusal_OfARequest_AllocatesNothing() => Assert.Equal(0, Allocations.Of(2000, () =>
    {
        var parser = new Http1Parser(Http1Role.Server);
        var sink = new CountingSink();
        parser.Push(Refused, _scratch, ref sink, out _);
        _ = Http1Faults.Name(parser.Fault);
    }));

    [Fact]
    public void Sniffing_AllocatesNothing()
    {
        byte[] hello = Weft.Fuzz.Seeds.Fragment(Weft.Fuzz.Seeds.Hello("web.grid", ["h2"]), 30);
        var scratch = new byte[ClientHello.MaxBytes];
        Assert.Equal(0, Allocations.Of(2000, () =>
        {
            new ProtocolSniffer().Push(Request);
            ClientHello.Read(hello, scratch, out ClientHello read);
            read.Offers("h2"u8);
        }));
    }

    private struct Rewriter : IHttp1Sink
    {
        public byte[] Output;

        public readonly bool OnHead(scoped in Http1Head head)
        {
            Span<byte> path = stackalloc byte[256];
            Span<byte> authority = stackalloc byte[256];
            CanonicalPath.Normalize(head.Path, path, out int length);
            head.NormalizeAuthority(authority, out AuthorityParts parts);
            var writer = new Http1HeadWriter(Output);
            writer.RequestLine(head.MethodBytes, path[..length], head.Query);
            writer.Field("Host"u8, authority[..parts.Length]);
            writer.Fields(head.Headers);
            writer.Framing(head.Framing);
            writer.End();
            return true;
        }

        public readonly bool OnBody(ReadOnlySpan<byte> chunk)
        {
            ChunkWriter.Begin(Output, chunk.Length);
            return true;
        }

        public readonly void OnEnd(scoped in HeaderBlock trailers)
        {
        }
    }
}
