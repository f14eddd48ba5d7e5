using System.Text;
using Weft.Fuzz;
using Weft.Http.Http1;
using Weft.Testing;

namespace Weft.Http.Tests.Http1;

/// <summary>Responses that are accepted, and what they mean. Each runs in every cut.</summary>
public sealed class ResponseTests
{
    [Fact]
    public void Push_LengthThenChunked_EachEndsWhereItSays() => Means(KnownMethod.Get,
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 201\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nx-sum: 3\r\n\r\n",
        """
        response 200 OK Http11 framing=Length length=5 keep-alive
          Content-Length: 5
        body 5 hello
        end
        response 201  Http11 framing=Chunked length=-1 keep-alive
        body 3 abc
        end
          x-sum: 3
        fault http1.truncated
        """);

    [Fact]
    public void Push_NoLength_EndsWithTheConnection() => Means(KnownMethod.Get,
        "HTTP/1.1 200 OK\r\nX: y\r\n\r\nall the rest\r\nHTTP/1.1 200 OK\r\n\r\n",
        "response 200 OK Http11 framing=UntilClose length=-1\n  X: y\nbody 33 all the rest\r\nHTTP/1.1 200 OK\r\n\r\n\nend\neof");

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", 5)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", -1)]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n", -1)]
    public void T29_AnswerToHead_HasNoBodyWhateverItSays(string response, int length) => Alone(KnownMethod.Head, response, length);

    [Theory]
    [InlineData("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", 5)]
    [InlineData("HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n", -1)]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", -1)]
    public void T29_StatusWithoutBody_EndsWithItsHead(string response, int length) => Alone(KnownMethod.Get, response, length);

    [Fact]
    public void T29_ZeroLengthOn204_IsNotForwarded() => Means(KnownMethod.Get,
        "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n",
        "response 204 No Content Http11 framing=None length=0 keep-alive\nend\nfault http1.truncated");

    [Fact]
    public void T30_InterimResponses_PrecedeTheFinalOne() => Means(KnownMethod.Get,
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        """
        response 100 Continue Http11 framing=None length=-1 keep-alive
        response 103 Early Hints Http11 framing=None length=-1 keep-alive
          Link: </a>
        response 200 OK Http11 framing=Length length=2 keep-alive
          Content-Length: 2
        body 2 ok
        end
        fault http1.truncated
        """);

    [Fact]
    public void T30_UpgradeThatWasOffered_EndsTheHttpPart()
    {
        var run = new Http1Run(Http1Role.Client);
        run.Parser.ExpectResponse(KnownMethod.Get, offersUpgrade: true);
        const string Head = "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n";
        Assert.Equal(Progress.MessageEnd, run.Push(Head + "frames"));
        Assert.Equal(Head.Length, run.Consumed);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", false)]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", false)]
    [InlineData("HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n", true)]
    public void Persistence_OfAnUpstream_FollowsVersionAndConnection(string response, bool keepAlive) =>
        Assert.Equal(keepAlive, InEveryCut(KnownMethod.Get, response).Contains(" keep-alive", System.StringComparison.Ordinal));

    [Fact]
    public void T29_SuccessOfConnect_IsATunnel() => Alone(KnownMethod.Connect, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", 5);

    private static void Alone(KnownMethod method, string response, int length)
    {
        string transcript = InEveryCut(method, response);
        Assert.Contains($"framing=None length={length} keep-alive", transcript, System.StringComparison.Ordinal);
        Assert.Contains("\nend\n", transcript, System.StringComparison.Ordinal);
        Assert.DoesNotContain("chunked", transcript, System.StringComparison.Ordinal);
    }

    private static void Means(KnownMethod method, string response, string transcript) => Assert.Equal(transcript.ReplaceLineEndings("\n"), InEveryCut(method, response).ReplaceLineEndings("\n"));

    private static string InEveryCut(KnownMethod method, string response)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(response);
        string? first = null;
        foreach (int[] pieces in Splits.Of(bytes.Length))
        {
            string transcript = Http1Transcript.OfResponses(bytes, pieces, method);
            first ??= transcript;
            Assert.Equal(first, transcript);
        }

        return first!;
    }
}
