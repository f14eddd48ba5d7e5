using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Weft.Proxy.Tests.Fixture;
using Weft.Testing;

namespace Weft.Proxy.Tests.Http;

/// <summary>
/// Attacks T01 to T26 (reference attacks.md), sent to a whole proxy whose upstream records: what arrives there is canonical or nothing; every refusal closes
/// the connection, names its rule in the log and moves a counter.
/// </summary>
public sealed class AttackTests : IAsyncLifetime
{
    private const string Post = "POST / HTTP/1.1\r\nHost: h\r\n";
    private HttpFixture _f = null!;

    public ValueTask InitializeAsync()
    {
        _f = new HttpFixture();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _f.DisposeAsync();

    public static IEnumerable<TheoryDataRow<string, string, int>> Refused()
    {
        static TheoryDataRow<string, string, int> Row(string number, string request, int status) => new(number, request, status);
        yield return Row("T01", Post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
        yield return Row("T02", Post + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef", 400);
        yield return Row("T03", Post + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nabcde", 400);
        foreach (string value in new[] { " +5", "  5", " 5 ", " 0x5", " 5,5", "", " 99999999999999999999" })
            yield return Row("T04", Post + $"Content-Length:{value}\r\n\r\nabcde", 400);
        yield return Row("T05", Post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400);
        yield return Row("T05", Post + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 400);
        yield return Row("T05", Post + "Transfer-Encoding: chunked\v\r\n\r\n0\r\n\r\n", 400);
        yield return Row("T05", Post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
        yield return Row("T05", Post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400);
        yield return Row("T06", "POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
        yield return Row("T07", Post + "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n", 400);
        yield return Row("T12", "GET / HTTP/1.1\nHost: h\n\n", 400);
        yield return Row("T12", "GET / HTTP/1.1\r\nHost: h\rX: y\r\n\r\n", 400);
        yield return Row("T13", "GET / HTTP/1.1\r\nHost: h\r\nX: a\r\n b\r\n\r\n", 400);
        yield return Row("T14", "GET / HTTP/1.1\r\nHost: h\r\nX: a\0b\r\n\r\n", 400);
        yield return Row("T14", "GET / HTTP/1.1\r\nHost: h\r\nX\u0001: a\r\n\r\n", 400);
        yield return Row("T15", "GET / HTTP/1.1\r\nHost: h\r\n: a\r\n\r\n", 400);
        yield return Row("T16", "GET / HTTP/1.1\r\nHost: h\r\nX Y: a\r\n\r\n", 400);
        yield return Row("T16", "GET / HTTP/1.1\r\nHost: h\r\nX(: a\r\n\r\n", 400);
        yield return Row("T17", "GET / HTTP/1.1\r\n\r\n", 400);
        yield return Row("T17", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400);
        yield return Row("T17", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400);
        yield return Row("T17", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400);
        yield return Row("T17", "GET / HTTP/1.1\r\nHost: user@a\r\n\r\n", 400);
        yield return Row("T19", "GET ?q HTTP/1.1\r\nHost: h\r\n\r\n", 400);
        yield return Row("T19", "CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n", 501);
        yield return Row("T19", "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", 404);
        yield return Row("T20", "G(T / HTTP/1.1\r\nHost: h\r\n\r\n", 400);
        yield return Row("T20", new string('A', 8192) + " / HTTP/1.1\r\nHost: h\r\n\r\n", 0);
        yield return Row("T21", "GET /" + new string('a', 9000) + " HTTP/1.1\r\nHost: h\r\n\r\n", 414);
        yield return Row("T21", "GET / HTTP/1.1\r\nHost: h\r\n" + string.Concat(Enumerable.Range(0, 101).Select(i => $"X{i}: y\r\n")) + "\r\n", 431);
        yield return Row("T21", "GET / HTTP/1.1\r\nHost: h\r\nX: " + new string('a', 62 * 1024) + "\r\n\r\n", 431);
        yield return Row("T21", "GET /a#b HTTP/1.1\r\nHost: h\r\n\r\n", 400);
        yield return Row("T22", "GET /\r\n\r\n", 400);
        yield return Row("T22", "GET / HTTP/1.2\r\nHost: h\r\n\r\n", 505);
        yield return Row("T22", "GET / HTTP/2.0\r\nHost: h\r\n\r\n", 505);
        yield return Row("T22", "GET / HTTP/1.1 \r\nHost: h\r\n\r\n", 400);
        yield return Row("T26", Post + "Content-Length: 1\r\nExpect: y\r\n\r\na", 417);
        yield return Row("path", "GET /%00 HTTP/1.1\r\nHost: h\r\n\r\n", 400);
        yield return Row("path", "GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n", 400);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Request_ThatIsAmbiguous_IsRefusedAndNothingArrivesUpstream(string number, string request, int status)
    {
        using var client = _f.Client();
        client.Send(request);
        var response = client.ReadResponse();
        Assert.True(status == 0 ? response.Status is 400 or 414 or 501 : response.Status == status, $"{number}: {response.Head}");
        Assert.True(_f.Upstream.IsUntouched(TimeSpan.FromMilliseconds(20)), number);
        var line = _f.Proxy.LogLine();
        Assert.Equal(response.Status, line.GetProperty("response_code").GetInt32());
        Assert.NotEqual("-", line.GetProperty("response_code_details").GetString());
    }

    public static IEnumerable<TheoryDataRow<string, string>> RefusedInTheBody()
    {
        const string Chunked = Post + "Transfer-Encoding: chunked\r\n\r\n";
        foreach (string size in new[] { "0x10", "+10", "-1", "_", "11111111111111111", " 1" })
            yield return new("T08", Chunked + size + "\r\nabc\r\n0\r\n\r\n");
        foreach (string extension in new[] { ";a\nb", ";a\rb", ";a\0b", ";" + new string('x', 5000) })
            yield return new("T09", Chunked + "1" + extension + "\r\na\r\n0\r\n\r\n");
        yield return new("T10", Chunked + "1\r\nab\r\n0\r\n\r\n");
        yield return new("T10", Chunked + "1\r\na\n0\r\n\r\n");
        yield return new("T11", Chunked + "0\r\nContent-Length: 5\r\n\r\n");
        yield return new("T11", Chunked + "0\r\nTransfer-Encoding: chunked\r\n\r\n");
    }

    [Theory]
    [MemberData(nameof(RefusedInTheBody))]
    public void Body_ThatIsAmbiguous_Is400AndTheUpstreamNeverSeesItWhole(string number, string request)
    {
        using var client = _f.Client();
        client.Send(request + "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n");
        Assert.Equal(400, client.ReadResponse().Status);
        using var server = _f.Upstream.Accept();
        // Either the request was refused before it had a connection (which then idles in the pool, untouched), or what was sent is cut off.
        string arrived = server.IsSilent(TimeSpan.FromMilliseconds(50)) ? "" : ReadAll(server);
        Assert.DoesNotContain("smuggled", arrived, StringComparison.Ordinal);
        Assert.False(arrived.EndsWith("0\r\n\r\n", StringComparison.Ordinal), number);
        Assert.Equal("DPE", _f.Proxy.LogLine().GetProperty("response_flags").GetString());
        Assert.Equal(1, _f.Proxy.Metric("weft_http1_rejected_total"));
    }

    [Theory]
    [InlineData("T11", Post + "Transfer-Encoding: chunked\r\n\r\n0\r\nHost: evil\r\nAuthorization: x\r\nX-Ok: 1\r\n\r\n", "POST / HTTP/1.1\r\nHost: h\r\n", "0\r\nX-Ok: 1\r\n\r\n")]
    [InlineData("T18", "GET http://Real.Host:80/a HTTP/1.1\r\nHost: other\r\n\r\n", "GET /a HTTP/1.1\r\nHost: real.host:80\r\n", "")]
    [InlineData("T19", "GET //evil/ HTTP/1.1\r\nHost: h\r\n\r\n", "GET //evil/ HTTP/1.1\r\nHost: h\r\n", "")]
    [InlineData("T61", "GET /a/./b/%2e%2E/c\\d HTTP/1.1\r\nHost: h\r\n\r\n", "GET /a/c/d HTTP/1.1\r\nHost: h\r\n", "")]
    public void Request_ThatHasOneMeaning_ArrivesInItsCanonicalForm(string number, string request, string head, string body)
    {
        using var client = _f.Client();
        client.Send(request);
        using var server = _f.Upstream.Accept();
        string arrived = server.ReadHead();
        Assert.True(arrived.StartsWith(head, StringComparison.Ordinal), $"{number}: {arrived}");
        Assert.DoesNotContain("other", arrived, StringComparison.Ordinal);
        if (body.Length > 0) Assert.Equal(body, server.ReadText(body.Length));
        server.Send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        Assert.Equal(200, client.ReadResponse().Status);
    }

    [Fact]
    public void T26_BodyBeforeThe100_AndZeroLengthVariants_StayInStep()
    {
        using var client = _f.Client();
        client.Send(Post + "Content-Length: 3\r\nExpect: 100-continue\r\n\r\nabc" + Post + "Content-Length: 0\r\nExpect: 100-continue\r\n\r\n" + "GET /last HTTP/1.1\r\nHost: h\r\n\r\n");
        using var server = _f.Upstream.Accept();
        server.ReadHead();
        Assert.Equal("abc", server.ReadText(3));
        server.Send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1");
        Assert.Equal("1", client.ReadResponse().Body);
        Assert.StartsWith("POST / ", server.ReadHead(), StringComparison.Ordinal);
        server.Send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n2");
        Assert.Equal("2", client.ReadResponse().Body);
        Assert.StartsWith("GET /last ", server.ReadHead(), StringComparison.Ordinal);
        server.Send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n3");
        Assert.Equal("3", client.ReadResponse().Body);
    }

    private static string ReadAll(RawPeer peer)
    {
        try
        {
            return peer.ReadToEnd();
        }
        catch (System.IO.IOException)
        {
            // A reset: what had come is all that came, and the request was not whole.
            return "";
        }
    }
}
