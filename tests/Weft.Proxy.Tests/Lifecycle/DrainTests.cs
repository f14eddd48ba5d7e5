using System;
using System.Threading;
using System.Threading.Tasks;
using Weft.Proxy.Tests.Fixture;
using Weft.Testing;

namespace Weft.Proxy.Tests.Lifecycle;

public sealed class DrainTests
{
    [Fact]
    public async Task Drain_RequestUnderWay_IsFinishedWithConnectionCloseAndNothingNewIsTaken()
    {
        await using var f = new HttpFixture();
        using var client = f.Client();
        client.Send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        using var server = f.Upstream.Accept();
        server.ReadHead();
        using var idle = f.Client();
        Assert.True(f.Proxy.Host.Health.IsReady);
        Wait.Until(() => f.Proxy.Host.Workers[0].Connections == 2, () => "two connections");
        var draining = f.Proxy.Host.DrainAsync(CancellationToken.None);
        Assert.True(idle.IsClosedByPeer());
        Assert.False(f.Proxy.Host.Health.IsReady);
        Assert.False(draining.IsCompleted);
        Assert.ThrowsAny<System.Net.Sockets.SocketException>(() => f.Client());
        server.Send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        var response = client.ReadResponse();
        Assert.Equal(("close", "ok"), (response.Header("connection"), response.Body));
        Assert.True(await draining);
    }

    [Fact]
    public async Task Drain_NothingUnderWay_EndsAtOnce()
    {
        await using var f = new HttpFixture();
        var draining = f.Proxy.Host.DrainAsync(CancellationToken.None);
        Assert.True(await draining.WaitAsync(TimeSpan.FromSeconds(4)));
    }

    [Fact]
    public async Task Drain_InAHurry_SaysThatSomethingWasCutOff()
    {
        await using var f = new HttpFixture();
        using var client = f.Client();
        client.Send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        using var server = f.Upstream.Accept();
        server.ReadHead();
        using var hurry = new CancellationTokenSource();
        var draining = f.Proxy.Host.DrainAsync(hurry.Token);
        await hurry.CancelAsync();
        Assert.False(await draining);
    }
}
