using System.Net;
using System.Net.Sockets;
using System.Text;
using Weft.Native.Linux;

namespace Weft.Reactor.Tests;

public class ConnectTests
{
    [Fact]
    public void Connect_ServerAnswers_CarriesBytesBothWays()
    {
        string received = string.Empty;
        Probe probe = new()
        {
            Readable = link =>
            {
                received = Encoding.ASCII.GetString(link.Input);
                link.Consume(link.Input.Length);
                link.Close();
            },
        };
        using Mesh mesh = new();
        using Socket server = Mesh.NewServer(out IpEndpoint address);
        mesh.Do(loop =>
        {
            Link link = loop.Connect(new ConnectOptions { Destination = address }, probe);
            // Before the connection stands: it has to wait, not to be lost.
            link.Send("early"u8);
        });

        using Socket peer = server.Accept();
        Assert.Equal("early", Encoding.ASCII.GetString(peer.ReceiveExactly(5)));
        peer.Send("late"u8);
        probe.AwaitClosed();

        Assert.Equal("late", received);
        Assert.Equal(CloseReason.Local, probe.Fault.Reason);
        Assert.Equal(0, peer.ReceiveToEnd());
    }

    [Fact]
    public void Connect_NobodyListens_SaysRefused()
    {
        using Mesh mesh = new();
        using (Mesh.NewServer(out IpEndpoint address))
        {
            address = address.WithPort(1);
            Probe probe = new();
            mesh.Do(loop => loop.Connect(new ConnectOptions { Destination = address }, probe));

            LinkFault fault = probe.AwaitClosed();

            Assert.Equal(CloseReason.ConnectFailed, fault.Reason);
            Assert.Equal(Errno.ECONNREFUSED, fault.Errno);
            Assert.True(fault.IsConnectFault);
            Assert.Equal("ConnectFailed (Connection refused)", fault.ToString());
        }
    }

    [Fact]
    public void Connect_BacklogFull_TimesOut()
    {
        // A full backlog drops SYNs silently: what a dead host looks like, without leaving loopback.
        using Socket server = Mesh.NewPeer();
        server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        server.Listen(0);
        IpEndpoint address = IpEndpoint.IPv4(0x7F000001, ((IPEndPoint)server.LocalEndPoint!).Port);
        using Mesh mesh = new();
        Probe[] probes = new Probe[4];
        for (int index = 0; index < probes.Length; index++)
        {
            Probe probe = probes[index] = new();
            mesh.Do(loop => loop.Connect(new ConnectOptions { Destination = address, TimeoutMilliseconds = 300 }, probe));
        }

        LinkFault fault = probes[^1].AwaitClosed();

        Assert.Equal(CloseReason.ConnectTimeout, fault.Reason);
        Assert.True(fault.IsConnectFault);
    }

    [Fact]
    public void Connect_SourceAddress_IsWhatTheServerSees()
    {
        using Mesh mesh = new();
        using Socket server = Mesh.NewServer(out IpEndpoint address);
        Probe probe = new();
        mesh.Do(loop => loop.Connect(new ConnectOptions { Destination = address, Source = IpEndpoint.IPv4(0x7F000006, 0) }, probe));

        using Socket peer = server.Accept();

        Assert.Equal("127.0.0.6", ((IPEndPoint)peer.RemoteEndPoint!).Address.ToString());
        probe.Await("established");
        Assert.Equal("127.0.0.6", mesh.On(loop => probe.Link!.LocalAddress).ToIPAddress().ToString());
    }

    [Fact]
    public void Connect_SourceAddressOfAnother_SaysWhatTheKernelSays()
    {
        using Mesh mesh = new();
        Probe probe = new();
        mesh.Do(loop => loop.Connect(
            new ConnectOptions { Destination = IpEndpoint.IPv4(0x7F000001, 9), Source = IpEndpoint.IPv4(0xC0000201, 0) },
            probe));

        LinkFault fault = probe.AwaitClosed();

        Assert.Equal(CloseReason.LocalSocketFailed, fault.Reason);
        Assert.Equal(Errno.EADDRNOTAVAIL, fault.Errno);
    }

    [Fact]
    public void Connect_Mark_IsOnTheSocketOrRefusedByName()
    {
        using Mesh mesh = new();
        using Socket server = Mesh.NewServer(out IpEndpoint address);
        Probe probe = new();
        mesh.Do(loop => loop.Connect(new ConnectOptions { Destination = address, Mark = 1337 }, probe));

        if (MayMark())
        {
            using Socket peer = server.Accept();
            probe.Await("established");
        }
        else
        {
            Assert.Equal(Errno.EPERM, probe.AwaitClosed().Errno);
            Assert.Skip("SO_MARK needs CAP_NET_ADMIN: run as root to see it set; without it the link names EPERM, which was seen");
        }
    }

    [Fact]
    public void Mark_SetAsRoot_ReadsBack()
    {
        SocketFd socket = new(Sockets.OpenStream(IpEndpoint.IPv4(0x7F000001, 1)).Value);
        try
        {
            IoResult set = SocketOptions.Mark(socket, 1337);
            Assert.SkipUnless(set.IsOk, "SO_MARK needs CAP_NET_ADMIN: run as root");
            Assert.Equal(1337, SocketOptions.GetMark(socket).Value);
        }
        finally
        {
            Sockets.Close(socket);
        }
    }

    private static bool MayMark()
    {
        SocketFd socket = new(Sockets.OpenStream(IpEndpoint.IPv4(0x7F000001, 1)).Value);
        bool may = SocketOptions.Mark(socket, 1337).IsOk;
        Sockets.Close(socket);
        return may;
    }

    [Fact]
    public void Connect_ClosedBeforeItStands_ReportsOnce()
    {
        using Mesh mesh = new();
        using Socket server = Mesh.NewServer(out IpEndpoint address);
        int closed = 0;
        Probe probe = new() { Closed = (_, _) => closed++ };
        mesh.Do(loop =>
        {
            Link link = loop.Connect(new ConnectOptions { Destination = address }, probe);
            link.Close();
            link.Close();
            link.Abort();
        });

        probe.AwaitClosed();
        mesh.Do(_ => { });

        Assert.Equal(1, closed);
        Assert.Equal(0, mesh.Loop.LinkCount);
    }

    [Fact]
    public void OriginalDestination_NotRedirected_IsUnknown()
    {
        bool known = true;
        Probe probe = new() { Accepted = link => known = link.TryGetOriginalDestination(out _) };
        using Mesh mesh = new(probe);
        using Socket peer = mesh.Dial();

        probe.Await("accepted");

        Assert.False(known);
    }
}
