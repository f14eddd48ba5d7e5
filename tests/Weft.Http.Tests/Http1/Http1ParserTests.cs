using System;
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
    public void Push_DripFedHead_DoesNotLookAtOldBytesAgain()
    {
        // What was searched is blackened with NULs, which any second look would refuse; only the last push, which reads the whole head, sees it restored.
        byte[] head = Encoding.ASCII.GetBytes("GET /path HTTP/1.1\r\nHost: a\r\nX: " + new string('a', 300) + "\r\nY: b\r\n\r\n");
        byte[] black = new byte[head.Length];
        var parser = new Http1Parser(Http1Role.Server);
        var scratch = new Http1Scratch(new Http1Limits());
        var sink = new CountingSink();
        for (int length = 1; length < head.Length; length++)
        {
            head.AsSpan(0, length).CopyTo(black);
            // A line is read once more when it ends; before that only the new byte is looked at, and a CR that waited for it.
            if (head[length - 1] != '\n') black.AsSpan(0, Math.Max(0, length - 2)).Clear();
            Assert.Equal(Progress.NeedMore, parser.Push(black.AsSpan(0, length), scratch, ref sink, out int consumed));
            Assert.Equal(0, consumed);
        }

        Assert.Equal(Progress.MessageEnd, parser.Push(head, scratch, ref sink, out _));
        Assert.Equal(1, sink.Heads);
    }

    [Fact]
    public void Push_LinesAlreadyRead_AreNotReadAgainUntilTheHeadIsWhole()
    {
        byte[] head = Encoding.ASCII.GetBytes("GET /path HTTP/1.1\r\nHost: a\r\nX: y\r\nZ: w\r\n\r\n");
        var parser = new Http1Parser(Http1Role.Server);
        var scratch = new Http1Scratch(new Http1Limits());
        var sink = new CountingSink();
        int second = head.AsSpan().IndexOf("X: y"u8);
        Assert.Equal(Progress.NeedMore, parser.Push(head.AsSpan(0, second), scratch, ref sink, out _));

        byte[] black = [.. new byte[second], .. head.AsSpan(second, 6)];
        Assert.Equal(Progress.NeedMore, parser.Push(black, scratch, ref sink, out _));
        Assert.Equal(Progress.MessageEnd, parser.Push(head, scratch, ref sink, out _));
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
