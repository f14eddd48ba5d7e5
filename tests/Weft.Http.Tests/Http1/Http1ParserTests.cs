using System;
using System.Diagnostics;
using System.Text;
using Weft.Http.Http1;

namespace Weft.Http.Tests.Http1;

public sealed class Http1ParserTests
{
    [Fact]
    public void Push_SinkPausesAtHead_ConsumesTheHeadOnlyAndGoesOnLater()
    {
        var run = new Http1Run { PauseAtHead = true };
        const string Head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n";
        Assert.Equal(Progress.Paused, run.Push(Head + "hello"));
        Assert.Equal(Head.Length, run.Consumed);
        Assert.True(run.Parser.IsInBody);

        Assert.Equal(Progress.MessageEnd, run.Push("hello"));
        Assert.Equal("hello", run.Body);
        Assert.Equal(1, run.Ends);
    }

    [Fact]
    public void Push_SinkPausesAtHeadWithoutBody_EndsOnThePushWithoutBytes()
    {
        var run = new Http1Run { PauseAtHead = true };
        Assert.Equal(Progress.Paused, run.Push("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
        Assert.Equal(0, run.Ends);
        Assert.Equal(Progress.MessageEnd, run.Push(""));
        Assert.Equal(1, run.Ends);
        Assert.True(run.Parser.IsIdle);
    }

    [Fact]
    public void T25_EarlyAnswerWithUnreadBody_IsVisibleToTheCaller()
    {
        var run = new Http1Run { PauseAtHead = true };
        run.Push("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\nhello");
        Assert.True(run.Parser.IsInBody);
        Assert.False(run.Parser.IsIdle);
        Assert.False(ResponsePlan.Decide(HttpVersion.Http11, clientKeepAlive: true, BodyFraming.Length, mayKeepAlive: !run.Parser.IsInBody).KeepAlive);
    }

    [Fact]
    public void T25_EarlyAnswerWithDrainedBody_NextRequestIsRead()
    {
        var run = new Http1Run();
        Assert.Equal(Progress.NeedMore, run.Push("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\n\r\nhello"));
        Assert.Equal(Progress.MessageEnd, run.Push("!!GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
        Assert.Equal(2, run.Consumed);
        Assert.Equal("hello!!", run.Body);
        Assert.Equal(Progress.MessageEnd, run.Push("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
        Assert.Equal(2, run.Heads);
    }

    [Fact]
    public void Push_AfterRejection_StaysRejectedAndConsumesNothing()
    {
        var run = new Http1Run();
        Assert.Equal(Progress.Rejected, run.Push("GET / HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n"));
        Assert.Equal(0, run.Consumed);
        Assert.Equal(25, run.Parser.FaultOffset);
        Assert.Equal(Progress.Rejected, run.Push("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
        Assert.Equal(0, run.Heads);
    }

    [Fact]
    public void T31_BytesOnAnIdleUpstreamConnection_AreAFault()
    {
        var run = new Http1Run(Http1Role.Client);
        run.Parser.ExpectResponse(KnownMethod.Get);
        Assert.Equal(Progress.MessageEnd, run.Push("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
        Assert.True(run.Parser.IsIdle);
        Assert.Equal(38, run.Consumed);
        Assert.Equal(Progress.Rejected, run.Push("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
        Assert.Equal(Http1Fault.UnsolicitedResponse, run.Parser.Fault);
    }

    [Fact]
    public void Push_LongHeadByteByByte_LooksAtEachByteAFewTimesOnly()
    {
        // 59 KiB in single bytes: quadratic searching would look at 1.7 thousand million bytes (seconds); linear is a few milliseconds.
        byte[] head = Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: a\r\nX: " + new string('a', 59_000) + "\r\n\r\n");
        var parser = new Http1Parser(Http1Role.Server);
        var scratch = new Http1Scratch(new Http1Limits());
        var sink = new CountingSink();
        long start = Stopwatch.GetTimestamp();
        Progress progress = Progress.NeedMore;
        for (int length = 1; length <= head.Length; length++) progress = parser.Push(head.AsSpan(0, length), scratch, ref sink, out _);
        Assert.Equal(Progress.MessageEnd, progress);
        Assert.True(Stopwatch.GetElapsedTime(start).TotalMilliseconds < 500, "drip-fed input took " + Stopwatch.GetElapsedTime(start));
    }

    [Fact]
    public void Push_EmptyInputWhenIdle_ChangesNothing()
    {
        var run = new Http1Run();
        Assert.Equal(Progress.NeedMore, run.Push(""));
        Assert.True(run.Parser.IsIdle);
        Assert.Equal(Progress.NeedMore, run.PushEof());
    }

    [Fact]
    public void Parser_Size_FitsInALink() => Assert.True(System.Runtime.CompilerServices.Unsafe.SizeOf<Http1Parser>() <= 64);
}
