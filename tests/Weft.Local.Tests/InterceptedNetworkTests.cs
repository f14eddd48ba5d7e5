using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Weft.Interception;
using Weft.Local.Pods;
using Weft.Native.Namespaces;

namespace Weft.Local.Tests;

/// <summary>T88, T89 and T90 against the kernel: a network namespace with the real rules in it.</summary>
public sealed class InterceptedNetworkTests : IDisposable
{
    private static readonly IPAddress Own = IPAddress.Parse("10.244.9.9");

    /// <summary>Reached over loopback routes, so no second namespace is needed to be "elsewhere".</summary>
    private static readonly IPAddress Elsewhere = IPAddress.Parse("10.244.9.77");

    private readonly PodNetwork? _network;
    private readonly string _obstacle = string.Empty;

    public InterceptedNetworkTests()
    {
        try
        {
            var handle = NamespaceThread.Run(() =>
            {
                ThreadNamespaces.Unshare(NamespaceKinds.Network);
                Tool.Run("ip", ["-batch", "-"], $"link set dev lo up\nlink add name eth0 type veth peer name far\nlink set dev far up\naddress add {Own}/16 dev eth0\nlink set dev eth0 up\n");
                return ThreadNamespaces.Open("net");
            });
            _network = PodNetwork.Adopt(handle, Own);
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            _obstacle = "this process may not make network namespaces (run the tests as root): " + exception.Message;
        }
    }

    private PodNetwork Network()
    {
        Assert.SkipWhen(_network is null, _obstacle);
        return _network!;
    }

    private static InterceptionSettings Settings(params int[] excludeInbound) => new() { Guards = LoopGuards.SocketMark, ExcludeInboundPorts = excludeInbound };

    [Fact]
    public void T89_Intercept_AppliedTwice_EqualsOnce()
    {
        PodNetwork network = Network();
        network.Intercept(Settings(9090));
        string once = Rules(network);

        network.Intercept(Settings(9090));

        Assert.Equal(once, Rules(network));
        Assert.Contains("--dport 9090 -j RETURN", once, StringComparison.Ordinal);
    }

    [Fact]
    public void T89_Intercept_AfterACrashHalfway_MendsWithoutDoubling()
    {
        PodNetwork network = Network();
        network.Intercept(Settings());
        string whole = Rules(network);
        network.Within(() => Tool.Run("iptables", ["-t", "nat", "-F", "ISTIO_IN_REDIRECT"]));
        network.Within(() => Tool.Run("iptables", ["-t", "nat", "-D", "OUTPUT", "-j", "ISTIO_OUTPUT"]));

        network.Intercept(Settings());

        Assert.Equal(whole, Rules(network));
    }

    [Fact]
    public void T89_Intercept_ForeignRedirection_IsNamedAndKept()
    {
        PodNetwork network = Network();
        network.Within(() => Tool.Run("iptables", ["-t", "nat", "-A", "OUTPUT", "-p", "tcp", "--dport", "80", "-j", "REDIRECT", "--to-ports", "3128"]));
        string before = Rules(network);

        InvalidOperationException refused = Assert.Throws<InvalidOperationException>(() => network.Intercept(Settings()));

        Assert.Contains("--dport 80 -j REDIRECT --to-ports 3128", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, Rules(network));
    }

    [Fact]
    public async Task T88_Outbound_GoesToTheProxyAndTheProxysOwnDoesNotComeBack()
    {
        PodNetwork network = Network();
        network.Intercept(Settings());
        using Socket proxy = network.Listen(IPAddress.Any, 15001);
        using Socket server = network.Listen(IPAddress.Any, 8080);

        using Socket application = Open(network);
        await application.ConnectAsync(new IPEndPoint(Elsewhere, 8080), Soon());
        using Socket taken = await proxy.AcceptAsync(Soon());
        Assert.Equal(application.LocalEndPoint, taken.RemoteEndPoint);

        using Socket marked = Open(network, mark: 1337);
        SocketException unreachable = await Assert.ThrowsAnyAsync<SocketException>(async () => await marked.ConnectAsync(new IPEndPoint(Elsewhere, 8080), Soon()));
        Assert.NotEqual(SocketError.Success, unreachable.SocketErrorCode);
    }

    [Fact]
    public async Task T88_Localhost_IsTheApplicationsOwn()
    {
        PodNetwork network = Network();
        network.Intercept(Settings());
        using Socket proxy = network.Listen(IPAddress.Any, 15001);
        using Socket server = network.Listen(IPAddress.Loopback, 8080);

        using Socket application = Open(network);
        await application.ConnectAsync(new IPEndPoint(IPAddress.Loopback, 8080), Soon());
        using Socket served = await server.AcceptAsync(Soon());

        Assert.Equal(application.LocalEndPoint, served.RemoteEndPoint);
    }

    [Fact]
    public async Task T88_OwnAddress_IsDirectForTheApplicationAndInboundForTheProxy()
    {
        PodNetwork network = Network();
        network.Intercept(Settings());
        using Socket inbound = network.Listen(IPAddress.Any, 15006);
        using Socket server = network.Listen(IPAddress.Any, 8080);

        using Socket application = Open(network);
        await application.ConnectAsync(new IPEndPoint(Own, 8080), Soon());
        using Socket served = await server.AcceptAsync(Soon());
        Assert.Equal(application.LocalEndPoint, served.RemoteEndPoint);

        // The proxy calls a service address whose endpoint is its own pod: that must meet policy like anybody's call.
        using Socket proxy = Open(network, mark: 1337);
        await proxy.ConnectAsync(new IPEndPoint(Own, 8080), Soon());
        using Socket hairpin = await inbound.AcceptAsync(Soon());
        Assert.Equal(proxy.LocalEndPoint, hairpin.RemoteEndPoint);
    }

    [Fact]
    public async Task Probe_FromTheKubelet_ReachesTheWorkloadPastTheProxy()
    {
        PodNetwork network = Network();
        network.Intercept(Settings());
        using Socket inbound = network.Listen(IPAddress.Any, 15006);
        using Socket server = network.Listen(IPAddress.Any, 8080);

        using Socket probe = network.OpenProbe();
        await probe.ConnectAsync(new IPEndPoint(Own, 8080), Soon());
        using Socket served = await server.AcceptAsync(Soon());

        Assert.Equal("127.0.0.6", ((IPEndPoint)served.RemoteEndPoint!).Address.ToString());
    }

    [Fact]
    public void T88_ApplicationTakesTheProxysPort_ItIsTakenAlready()
    {
        PodNetwork network = Network();
        using Socket proxy = network.Listen(IPAddress.Any, 15001);

        SocketException refused = Assert.Throws<SocketException>(() => network.Listen(IPAddress.Any, 15001).Dispose());

        Assert.Equal(SocketError.AddressAlreadyInUse, refused.SocketErrorCode);
    }

    [Fact]
    public async Task T88_Udp_IsUntouchedButForNames()
    {
        PodNetwork network = Network();
        network.Intercept(Settings());
        using Socket names = network.BindUdp(IPAddress.Loopback, 15053);
        using Socket server = network.BindUdp(Own, 5000);
        using Socket application = network.BindUdp(IPAddress.Any, 0);
        byte[] buffer = new byte[16];

        await application.SendToAsync("app"u8.ToArray(), new IPEndPoint(Own, 5000), Soon());
        Assert.Equal(3, await server.ReceiveAsync(buffer, Soon()));

        await application.SendToAsync("name?"u8.ToArray(), new IPEndPoint(Elsewhere, 53), Soon());
        Assert.Equal(5, await names.ReceiveAsync(buffer, Soon()));
    }

    [Fact]
    public async Task T90_ProxyDead_FailsClosed()
    {
        // The machine keeps the listening sockets, so a connection waits for the proxy's next life; nothing goes around it in plaintext.
        PodNetwork network = Network();
        network.Intercept(Settings());
        using Socket backlog = network.Listen(IPAddress.Any, 15001);
        using Socket server = network.Listen(IPAddress.Any, 8080);

        using Socket application = Open(network);
        await application.ConnectAsync(new IPEndPoint(Elsewhere, 8080), Soon());
        await application.SendAsync("secret"u8.ToArray(), Soon());

        Assert.False(server.Poll(TimeSpan.FromMilliseconds(200), SelectMode.SelectRead));
        using Socket later = await backlog.AcceptAsync(Soon());
        byte[] waited = new byte[16];
        Assert.Equal(6, await later.ReceiveAsync(waited, Soon()));
    }

    [Fact]
    public async Task T90_ProxyAndItsSocketsGone_IsRefused()
    {
        PodNetwork network = Network();
        network.Intercept(Settings());
        using Socket server = network.Listen(IPAddress.Any, 8080);

        using Socket application = Open(network);
        SocketException refused = await Assert.ThrowsAnyAsync<SocketException>(async () => await application.ConnectAsync(new IPEndPoint(Elsewhere, 8080), Soon()));

        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
    }

    public void Dispose() => _network?.Dispose();

    private static string Rules(PodNetwork network) => string.Join('\n', Array.FindAll(network.Within(() => Tool.Run("iptables-save", ["-t", "nat"])).Split('\n'), line => line.StartsWith('-')));

    private static Socket Open(PodNetwork network, int mark = 0) => network.Within(() =>
    {
        const int socketLevel = 1;
        const int soMark = 36;
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        if (mark != 0)
        {
            socket.SetRawSocketOption(socketLevel, soMark, BitConverter.GetBytes(mark));
        }

        return socket;
    });

    private static System.Threading.CancellationToken Soon() => new System.Threading.CancellationTokenSource(TimeSpan.FromSeconds(5)).Token;
}
