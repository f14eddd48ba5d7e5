using System;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Weft.Proxy.Dns;
using Weft.Testing;

namespace Weft.Proxy.Tests.Dns;

/// <summary>The server over real sockets: UDP, TCP, forwarding, and packets that mean nothing.</summary>
public sealed class DnsServerTests
{
    private static readonly FixedNames Names = new(("forecast.grid.svc.cluster.local", ["10.96.0.7"]));

    private static DnsServer Start(IPEndPoint? upstream)
    {
        var udp = Bound(SocketType.Dgram, ProtocolType.Udp);
        var tcp = Bound(SocketType.Stream, ProtocolType.Tcp);
        tcp.Listen(8);
        return new DnsServer(new DnsResolver(Names, "grid", "cluster.local", upstream is not null), upstream, 0, udp, tcp);
    }

    private static Socket Bound(SocketType type, ProtocolType protocol)
    {
        var socket = new Socket(AddressFamily.InterNetwork, type, protocol);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static byte[] Ask(IPEndPoint server, byte[] query)
    {
        using var socket = Bound(SocketType.Dgram, ProtocolType.Udp);
        socket.ReceiveTimeout = (int)RawPeer.Deadline.TotalMilliseconds;
        socket.Connect(server);
        socket.Send(query);
        byte[] buffer = new byte[4096];
        return buffer[..socket.Receive(buffer)];
    }

    [Fact]
    public async Task Udp_NameOfTheMesh_IsAnswered()
    {
        await using var server = Start(null);
        Assert.Equal(["A 10.96.0.7"], DnsPackets.Records(Ask(server.Udp, DnsPackets.Query("forecast"))));
    }

    [Fact]
    public async Task Udp_AfterPacketsThatMeanNothing_StillAnswers()
    {
        await using var server = Start(null);
        using (var socket = Bound(SocketType.Dgram, ProtocolType.Udp))
        {
            socket.Connect(server.Udp);
            var random = new Random(7);
            for (int i = 0; i < 200; i++)
            {
                byte[] packet = new byte[random.Next(1, 300)];
                random.NextBytes(packet);
                socket.Send(packet);
            }
        }
        Assert.Equal(["A 10.96.0.7"], DnsPackets.Records(Ask(server.Udp, DnsPackets.Query("forecast.grid"))));
    }

    [Fact]
    public async Task Tcp_SeveralQuestionsOnOneConnection_AreAnsweredInOrder()
    {
        await using var server = Start(null);
        using var peer = RawPeer.Connect(server.Tcp);
        foreach (string name in new[] { "forecast", "nobody.cluster.local" })
        {
            byte[] query = DnsPackets.Query(name);
            byte[] framed = [(byte)(query.Length >> 8), (byte)query.Length, .. query];
            peer.Send(framed);
            byte[] answer = peer.ReadExactly(BinaryPrimitives.ReadUInt16BigEndian(peer.ReadExactly(2)));
            Assert.Equal(name == "forecast" ? 0 : (int)DnsCode.NameError, DnsPackets.Code(answer));
        }
    }

    [Fact]
    public async Task Udp_ForeignName_IsAskedUpstreamAndForgedAnswersAreIgnored()
    {
        using var resolver = Bound(SocketType.Dgram, ProtocolType.Udp);
        resolver.ReceiveTimeout = (int)RawPeer.Deadline.TotalMilliseconds;
        await using var server = Start((IPEndPoint)resolver.LocalEndPoint!);
        byte[] query = DnsPackets.Query("debian.org");
        var asking = Task.Run(() => Ask(server.Udp, query));
        byte[] asked = new byte[512];
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        int length = resolver.ReceiveFrom(asked, ref from);
        Assert.Equal(query, asked[..length]);
        byte[] forged = [.. DnsPackets.Query("evil.org")];
        forged[2] |= 0x80;
        resolver.SendTo(forged, from);
        byte[] honest = [.. query];
        honest[2] |= 0x80;
        honest[3] = 5;
        resolver.SendTo(honest, from);
        Assert.Equal(honest, await asking);
        Assert.Equal(1, server.Forwarded);
    }
}
