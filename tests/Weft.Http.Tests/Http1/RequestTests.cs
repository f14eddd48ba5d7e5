using System.Text;
using Weft.Fuzz;
using Weft.Http.Http1;
using Weft.Testing;

namespace Weft.Http.Tests.Http1;

/// <summary>Requests that are accepted, and what they mean. Each runs in every cut.</summary>
public sealed class RequestTests
{
    [Fact]
    public void Push_PlainGet_ReportsHeadAndEnd() => Means(
        "GET /a/b?c=d HTTP/1.1\r\nHost: forecast:8080\r\nAccept: */*\r\nX-Empty:\r\nX-Wide: \t two words\t \r\n\r\n",
        """
        request GET /a/b ?c=d Http11 authority=forecast:8080 form=Origin framing=None length=-1 keep-alive
          Accept: */*
          X-Empty: 
          X-Wide: two words
        end
        idle
        """);

    [Fact]
    public void Push_HeaderCase_IsKept() => Means(
        "GET / HTTP/1.1\r\nhOsT: a\r\nX-CaMeL: 1\r\nx-low: 2\r\n\r\n",
        "request GET /  Http11 authority=a form=Origin framing=None length=-1 keep-alive\n  X-CaMeL: 1\n  x-low: 2\nend\nidle");

    [Fact]
    public void T18_AbsoluteTargetAndOtherHost_AbsoluteWinsAndHostIsGone() => Means(
        "GET http://Good.example:80/x?y HTTP/1.1\r\nHost: evil\r\n\r\n",
        "request GET /x ?y Http11 authority=Good.example:80 form=Absolute framing=None length=-1 keep-alive\nend\nidle");

    [Fact]
    public void T19_AbsoluteTargetWithoutPath_IsSlash() => Means(
        "GET HTTPS://a?y HTTP/1.1\r\nHost: a\r\n\r\n",
        "request GET / ?y Http11 authority=a form=Absolute framing=None length=-1 keep-alive\nend\nidle");

    [Fact]
    public void T19_DoubleSlashTarget_IsAPath() => Means(
        "GET //evil/ HTTP/1.1\r\nHost: a\r\n\r\n",
        "request GET //evil/  Http11 authority=a form=Origin framing=None length=-1 keep-alive\nend\nidle");

    [Fact]
    public void T19_OptionsStar_IsAsterisk() => Means(
        "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
        "request OPTIONS *  Http11 authority=a form=Asterisk framing=None length=-1 keep-alive\nend\nidle");

    [Fact]
    public void T19_ConnectWhereAllowed_IsAuthority() => Means(
        "CONNECT a:443 HTTP/1.1\r\nHost: b\r\n\r\n",
        "request CONNECT   Http11 authority=a:443 form=Authority framing=None length=-1 keep-alive\nend\nidle",
        new Http1Limits { AllowConnect = true });

    [Fact]
    public void T19_ConnectWithBody_IsRejected() => Means(
        "CONNECT a:443 HTTP/1.1\r\nHost: b\r\nContent-Length: 5\r\n\r\nhello",
        "fault http1.forbidden_body",
        new Http1Limits { AllowConnect = true });

    [Fact]
    public void T20_RegisteredMethodWeDoNotKnow_Passes() => Means(
        "PROPFIND / HTTP/1.1\r\nHost: a\r\n\r\n",
        "request PROPFIND /  Http11 authority=a form=Origin framing=None length=-1 keep-alive\nend\nidle");

    [Theory]
    [InlineData("HTTP/1.1", "", true)]
    [InlineData("HTTP/1.1", "Connection: close\r\n", false)]
    [InlineData("HTTP/1.1", "connection: x, CLOSE\r\n", false)]
    [InlineData("HTTP/1.0", "", false)]
    [InlineData("HTTP/1.0", "Connection: keep-alive\r\n", true)]
    [InlineData("HTTP/1.0", "Connection: keep-alive, close\r\n", false)]
    public void T23_Persistence_FollowsVersionAndConnection(string version, string connection, bool keepAlive)
    {
        string transcript = InEveryCut($"GET / {version}\r\nHost: a\r\n{connection}\r\n");
        Assert.Equal(keepAlive, transcript.Contains(" keep-alive", System.StringComparison.Ordinal));
        Assert.DoesNotContain("fault", transcript, System.StringComparison.Ordinal);
    }

    [Fact]
    public void T23_Http10WithoutHost_HasNoAuthority() => Means(
        "GET / HTTP/1.0\r\n\r\n",
        "request GET /  Http10 authority= form=Origin framing=None length=-1\nend\nidle");

    [Fact]
    public void T24_PipelinedRequests_KeepOrderAndBytes() => Means(
        "POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhelloPOST /2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\nGET /3 HTTP/1.1\r\nHost: a\r\n\r\n",
        """
        request POST /1  Http11 authority=a form=Origin framing=Length length=5 keep-alive
          Content-Length: 5
        body 5 hello
        end
        request POST /2  Http11 authority=a form=Origin framing=Chunked length=-1 keep-alive
        body 3 abc
        end
        request GET /3  Http11 authority=a form=Origin framing=None length=-1 keep-alive
        end
        idle
        """);

    [Fact]
    public void T26_ExpectWithBody_IsADecisionForTheCaller() => Means(
        "PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 3\r\n\r\nabc",
        "request PUT /  Http11 authority=a form=Origin framing=Length length=3 keep-alive expects-continue\n  Content-Length: 3\nbody 3 abc\nend\nidle");

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n")]
    [InlineData("PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("PUT / HTTP/1.0\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx")]
    public void T26_ExpectWithoutBodyOrInHttp10_IsDroppedAndNotAsked(string request)
    {
        string transcript = InEveryCut(request);
        Assert.DoesNotContain("xpect", transcript, System.StringComparison.Ordinal);
        Assert.EndsWith("idle", transcript, System.StringComparison.Ordinal);
    }

    [Fact]
    public void T26_ZeroLengthThenRequest_AreTwoRequests() => Means(
        "POST /1 HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
        """
        request POST /1  Http11 authority=a form=Origin framing=Length length=0 keep-alive
          Content-Length: 0
        end
        request GET /2  Http11 authority=a form=Origin framing=None length=-1 keep-alive
        end
        idle
        """);

    [Fact]
    public void T27_UpgradeWithEarlyBytes_BytesAreTheNextRequest() => Means(
        "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nGET /early HTTP/1.1\r\nHost: a\r\n\r\n",
        """
        request GET /ws  Http11 authority=a form=Origin framing=None length=-1 keep-alive upgrade=websocket
        end
        request GET /early  Http11 authority=a form=Origin framing=None length=-1 keep-alive
        end
        idle
        """);

    [Fact]
    public void Push_HopByHopFields_AreDroppedWithWhatConnectionNominates() => Means(
        "GET / HTTP/1.1\r\nHost: a\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\nTE: trailers\r\nConnection: TE, x-hop,, close\r\nProxy-Connection: close\r\nX-HOP: 2\r\nHTTP2-Settings: AAA\r\nUpgrade: h2c\r\nX-End: 3\r\n\r\n",
        "request GET /  Http11 authority=a form=Origin framing=None length=-1 te-trailers\n  X-End: 3\nend\nidle");

    [Fact]
    public void Push_ConnectionNominatesTransferEncoding_FramingStands() => Means(
        "POST / HTTP/1.1\r\nHost: a\r\nConnection: Transfer-Encoding\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
        "request POST /  Http11 authority=a form=Origin framing=Chunked length=-1 keep-alive\nbody 1 x\nend\nidle");

    [Fact]
    public void Push_HeadLimitBelowLineLimit_EndlessLineIsStillRefused() =>
        Means("GET /" + new string('a', 300), "fault http1.request_line_too_long", new Http1Limits { MaxHeadBytes = 256, MaxRequestLineBytes = 8192 });

    [Fact]
    public void Push_ChunkedWithExtensionsAndTrailers_PassesDataAndAllowedTrailers() => Means(
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n5;a=b;c=\"d\\\"e\";f\r\nhello\r\n00a\r\n0123456789\r\n0;last\r\nX-Sum: 15\r\nAuthorization: none\r\nHost: evil\r\nx-envoy-retry-on: 5xx\r\n\r\n",
        """
        request POST /  Http11 authority=a form=Origin framing=Chunked length=-1 keep-alive
        body 15 hello0123456789
        end
          X-Sum: 15
        idle
        """);

    [Fact]
    public void Push_OneBlankLineBeforeRequest_IsSkipped() => Means(
        "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "request GET /  Http11 authority=a form=Origin framing=None length=-1 keep-alive\nend\nidle");

    [Theory]
    [InlineData("G")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhell")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n")]
    public void PushEof_InsideAMessage_IsTruncated(string part)
    {
        var run = new Http1Run();
        run.Push(part);
        Assert.False(run.Parser.IsIdle);
        Assert.Equal(Progress.Rejected, run.PushEof());
        Assert.Equal(Http1Fault.Truncated, run.Parser.Fault);
    }

    [Fact]
    public void Push_BodyAboveItsLimit_IsRejected()
    {
        var limits = new Http1Limits { MaxBodyBytes = 4 };
        Means("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", "fault http1.body_too_large", limits);
        string chunked = InEveryCut("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", limits);
        Assert.EndsWith("body 3 abc\nfault http1.body_too_large", chunked, System.StringComparison.Ordinal);
        Assert.Equal(413, Http1Faults.Status(Http1Fault.BodyTooLarge));
    }

    [Fact]
    public void Push_ExtensionsOfManyChunks_AreLimitedTogether()
    {
        var chunks = new StringBuilder("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int i = 0; i < 40; i++) chunks.Append("1;").Append('a', 30).Append("\r\nx\r\n");
        byte[] bytes = Encoding.ASCII.GetBytes(chunks.ToString());
        string transcript = Http1Transcript.OfRequests(bytes, [bytes.Length], new Http1Limits { MaxChunkExtensionBytes = 1000 });
        Assert.EndsWith("fault http1.chunk_extension_too_large", transcript, System.StringComparison.Ordinal);
    }

    [Fact]
    public void Push_HeadAtEveryLimit_IsAccepted()
    {
        var limits = new Http1Limits { MaxHeadBytes = 300, MaxRequestLineBytes = 50, MaxHeaders = 3 };
        string line = "GET /" + new string('a', 36) + " HTTP/1.1";
        string head = line + "\r\nHost: a\r\nX: y\r\nZ: ";
        head += new string('b', 300 - head.Length - 4) + "\r\n\r\n";
        Assert.Equal(50, line.Length);
        Assert.Equal(300, head.Length);
        Assert.EndsWith("end\nidle", InEveryCut(head, limits), System.StringComparison.Ordinal);
        Assert.EndsWith("fault http1.headers_too_large", InEveryCut(head.Replace("Z: ", "Z: b", System.StringComparison.Ordinal), limits), System.StringComparison.Ordinal);
        Assert.EndsWith("fault http1.request_line_too_long", InEveryCut(head.Replace("/a", "/aa", System.StringComparison.Ordinal), limits), System.StringComparison.Ordinal);
    }

    private static void Means(string request, string transcript, Http1Limits? limits = null) =>
        Assert.Equal(transcript.ReplaceLineEndings("\n"), InEveryCut(request, limits));

    private static string InEveryCut(string request, Http1Limits? limits = null)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(request);
        string? first = null;
        foreach (int[] pieces in Splits.Of(bytes.Length))
        {
            string transcript = Http1Transcript.OfRequests(bytes, pieces, limits);
            first ??= transcript;
            Assert.Equal(first, transcript);
        }

        return first!;
    }
}
