using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Threading.Tasks;
using Weft.Policy;
using Weft.Policy.Model;
using Weft.Proxy.Tests.Fixture;
using Weft.Testing;

namespace Weft.Proxy.Tests.Http;

/// <summary>
/// T78: clients and servers that leave at any point of any message. Seeded (WEFT_SIM_SEED replays one); afterwards nothing may be held: no request, no
/// connection, no slab, no place in a breaker, and no code of ours may have thrown.
/// </summary>
public sealed class AbortTests
{
    private const int Clients = 8;
    private const int RoundsEach = 40;
    private static readonly string[] Requests =
    [
        "GET /a HTTP/1.1\r\nHost: h\r\n\r\n",
        "POST /b HTTP/1.1\r\nHost: h\r\nContent-Length: 20\r\n\r\n01234567890123456789",
        "POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n0\r\nX-T: 1\r\n\r\n",
        "GET /d HTTP/1.1\r\nHost: h\r\n\r\nGET /e HTTP/1.1\r\nHost: h\r\n\r\n",
        "POST /f HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello",
    ];
    private static readonly string[] Answers =
    [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\nuntil close",
        "HTTP/1.1 bad\r\n\r\n",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task EitherSide_LeavingAnywhere_LeavesNothingBehind(int concurrency)
    {
        int seed = int.TryParse(Environment.GetEnvironmentVariable("WEFT_SIM_SEED"), CultureInfo.InvariantCulture, out int given) ? given : Random.Shared.Next();
        await using var f = new HttpFixture(concurrency, f =>
        {
            f.Action.Timeout = TimeLimit.From(TimeSpan.FromMilliseconds(300));
            f.Action.RetryPolicy = new RetryPolicyConfig { NumRetries = 2, RetryOn = RetryOn.ServerError | RetryOn.ConnectFailure | RetryOn.Reset, BackOffBase = TimeLimit.From(TimeSpan.FromMilliseconds(1)) };
        });
        var serving = f.Upstream.ServeAsync(peer => Serve(peer, new Random(seed ^ peer.Socket.Handle.GetHashCode())));
        var clients = Enumerable.Range(0, Clients).Select(i => Task.Factory.StartNew(() => Use(f, new Random(seed + i)), TaskCreationOptions.LongRunning));
        await Task.WhenAll(clients);
        f.Upstream.Dispose();
        await serving;

        var breaker = f.Proxy.Host.Process.Cells.Breaker("web");
        string State() => $"WEFT_SIM_SEED={seed}: active {f.Proxy.Host.Active}, connections {f.Proxy.Host.Workers.Sum(w => w.Connections)}, slabs {f.Proxy.Host.Workers.Sum(w => w.Loop.Slabs.BytesInUse)}, "
            + $"breaker rq {breaker.Requests} pending {breaker.Pending} retries {breaker.Retries}";
        Wait.Until(
            () => f.Proxy.Host.Active == 0
                && f.Proxy.Host.Workers.All(w => w.Connections == 0 && w.Loop.Slabs.BytesInUse == 0)
                && breaker is { Requests: 0, Pending: 0, Retries: 0 },
            State);
        Assert.True(f.Proxy.Metric("weft_loop_handler_failures_total") == 0, State());
        Assert.True(f.Proxy.Metric("envoy_http_downstream_rq_active") == 0, State());
        Assert.All(f.Proxy.Host.Process.Cells.Endpoints, e => Assert.Equal(0, e.Value.Active));
    }

    private static void Use(HttpFixture f, Random random)
    {
        for (int i = 0; i < RoundsEach; i++)
        {
            try
            {
                using var client = f.Client();
                string request = Requests[random.Next(Requests.Length)];
                int cut = random.Next(3) == 0 ? random.Next(request.Length) : request.Length;
                client.Send(request[..(cut / 2)]).Send(request[(cut / 2)..cut]);
                switch (random.Next(4))
                {
                    case 0:
                        client.Reset();
                        break;
                    case 1 when cut == request.Length:
                        client.ReadResponse();
                        break;
                    case 2:
                        client.EndSending();
                        client.ReadToEnd();
                        break;
                }
            }
            catch (Exception error) when (error is IOException or SocketException)
            {
                // The other side left: that is what happens here all the time.
            }
        }
    }

    private static void Serve(RawPeer peer, Random random)
    {
        while (true)
        {
            if (random.Next(10) == 0)
            {
                peer.Reset();
                return;
            }
            peer.ReadHead();
            string answer = Answers[random.Next(Answers.Length)];
            if (random.Next(4) == 0)
            {
                peer.Send(answer[..random.Next(answer.Length)]);
                peer.Reset();
                return;
            }
            peer.Send(answer);
            if (answer.Contains("close", StringComparison.Ordinal)) return;
        }
    }
}
