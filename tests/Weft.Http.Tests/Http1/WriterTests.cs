using System;
using System.Text;
using Weft.Http.Http1;

namespace Weft.Http.Tests.Http1;

public sealed class WriterTests
{
    [Fact]
    public void Fields_AfterDrops_KeepsOrderCaseAndLiveLinesOnly()
    {
        byte[] input = Encoding.Latin1.GetBytes("GET / HTTP/1.1\r\nAccept: a\r\nHost: h\r\nX-Wide:  \tb \r\nX-Tight:c\r\nX-Empty: \r\nConnection: x-hop\r\nx-hop: 1\r\nX-END: d\r\n\r\n");
        var sink = new Forwarder { Output = new byte[512] };
        Push(input, ref sink);
        Assert.Equal(
            "GET /a HTTP/1.1\r\nHost: canonical\r\nAccept: a\r\nX-Wide: b\r\nX-Tight: c\r\nX-Empty: \r\nX-END: d\r\nx-added: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
            Encoding.Latin1.GetString(sink.Output.AsSpan(0, sink.Written)));
    }

    [Fact]
    public void Overflow_AtEveryShorterLength_IsSeenAndWritesNothingBeyond()
    {
        byte[] input = Encoding.Latin1.GetBytes("GET / HTTP/1.1\r\nHost: h\r\nAccept: a\r\nX:b\r\n\r\n");
        var whole = new Forwarder { Output = new byte[512] };
        Push(input, ref whole);
        for (int length = 0; length < whole.Written; length++)
        {
            var sink = new Forwarder { Output = new byte[length] };
            Push(input, ref sink);
            Assert.True(sink.Overflowed);
        }

        var exact = new Forwarder { Output = new byte[whole.Written] };
        Push(input, ref exact);
        Assert.False(exact.Overflowed);
    }

    [Fact]
    public void StatusLine_WithoutReason_TakesTheRegisteredPhrase()
    {
        var bytes = new byte[128];
        var writer = new Http1HeadWriter(bytes);
        writer.StatusLine(503);
        writer.StatusLine(299);
        writer.StatusLine(200, "Fine"u8);
        writer.Framing(BodyFraming.Length, 17);
        writer.End();
        Assert.Equal("HTTP/1.1 503 Service Unavailable\r\nHTTP/1.1 299 \r\nHTTP/1.1 200 Fine\r\nContent-Length: 17\r\n\r\n", Encoding.ASCII.GetString(bytes, 0, writer.Written));
    }

    [Theory]
    [InlineData(1, "1\r\n")]
    [InlineData(15, "f\r\n")]
    [InlineData(16, "10\r\n")]
    [InlineData(255, "ff\r\n")]
    [InlineData(4096, "1000\r\n")]
    [InlineData(int.MaxValue, "7fffffff\r\n")]
    public void Begin_Length_IsShortestHexadecimal(int length, string expected)
    {
        var bytes = new byte[ChunkWriter.MaxBeginBytes];
        Assert.Equal(expected, Encoding.ASCII.GetString(bytes, 0, ChunkWriter.Begin(bytes, length)));
    }

    [Fact]
    public void Begin_ZeroLength_IsRefusedBecauseItWouldEndTheBody() => Assert.Throws<ArgumentOutOfRangeException>(() => ChunkWriter.Begin(new byte[10], 0));

    [Fact]
    public void ReencodedChunks_ReadAgain_GiveTheSameBody()
    {
        var stream = new StringBuilder("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
        var size = new byte[ChunkWriter.MaxBeginBytes];
        foreach (string piece in new[] { "a", new string('b', 300), "cc" })
        {
            stream.Append(Encoding.ASCII.GetString(size, 0, ChunkWriter.Begin(size, piece.Length))).Append(piece).Append(Encoding.ASCII.GetString(ChunkWriter.ChunkEnd));
        }

        stream.Append(Encoding.ASCII.GetString(ChunkWriter.LastChunk));
        var run = new Http1Run();
        Assert.Equal(Progress.MessageEnd, run.Push(stream.ToString()));
        Assert.Equal("a" + new string('b', 300) + "cc", run.Body);
    }

    [Theory]
    [InlineData(HttpVersion.Http11, true, BodyFraming.Length, true, BodyFraming.Length, true, false)]
    [InlineData(HttpVersion.Http11, true, BodyFraming.UntilClose, true, BodyFraming.Chunked, true, false)]
    [InlineData(HttpVersion.Http11, false, BodyFraming.Chunked, true, BodyFraming.Chunked, false, false)]
    [InlineData(HttpVersion.Http11, true, BodyFraming.None, false, BodyFraming.None, false, false)]
    [InlineData(HttpVersion.Http10, true, BodyFraming.Length, true, BodyFraming.Length, true, true)]
    [InlineData(HttpVersion.Http10, true, BodyFraming.Chunked, true, BodyFraming.UntilClose, false, false)]
    [InlineData(HttpVersion.Http10, true, BodyFraming.UntilClose, true, BodyFraming.UntilClose, false, false)]
    [InlineData(HttpVersion.Http10, false, BodyFraming.None, true, BodyFraming.None, false, false)]
    public void T23_Decide_GivesTheClientWhatItsVersionKnows(HttpVersion version, bool clientKeepAlive, BodyFraming upstream, bool may, BodyFraming framing, bool keepAlive, bool says) =>
        Assert.Equal(new ResponsePlan(framing, keepAlive, says), ResponsePlan.Decide(version, clientKeepAlive, upstream, may));

    [Fact]
    public void Faults_All_HaveAStableNameAndARefusingStatus()
    {
        foreach (Http1Fault fault in Enum.GetValues<Http1Fault>())
        {
            if (fault == Http1Fault.None) continue;
            Assert.Matches("^http1\\.[a-z0-9_]+$", Http1Faults.Name(fault));
            Assert.Equal(Http1Faults.Name(fault), Encoding.ASCII.GetString(Http1Faults.Utf8Name(fault)));
            Assert.InRange(Http1Faults.Status(fault), 400, 505);
        }

        Assert.Equal("http1.duplicate_content_length", Http1Faults.Name(Http1Fault.DuplicateContentLength));
        Assert.Equal("http1.transfer_encoding_in_http10", Http1Faults.Name(Http1Fault.TransferEncodingInHttp10));
    }

    private static void Push(byte[] input, ref Forwarder sink) =>
        Assert.Equal(Progress.MessageEnd, new Http1Parser(Http1Role.Server).PushOnce(input, ref sink));

    private struct Forwarder : IHttp1Sink
    {
        public byte[] Output;
        public int Written;
        public bool Overflowed;

        public bool OnHead(scoped in Http1Head head)
        {
            var writer = new Http1HeadWriter(Output);
            writer.RequestLine(head.MethodBytes, "/a"u8, head.Query);
            writer.Field("Host"u8, "canonical"u8);
            writer.Fields(head.Headers);
            writer.Field("x-added"u8, 5);
            writer.Framing(BodyFraming.Chunked);
            writer.End();
            Written = writer.Written;
            Overflowed = writer.Overflowed;
            return true;
        }

        public readonly bool OnBody(ReadOnlySpan<byte> chunk) => true;

        public readonly void OnEnd(scoped in HeaderBlock trailers)
        {
        }
    }
}
