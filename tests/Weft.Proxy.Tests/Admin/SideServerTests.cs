using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Weft.Proxy.Admin;
using Weft.Testing;

namespace Weft.Proxy.Tests.Admin;

public sealed class SideServerTests
{
    [Fact]
    public async Task Serve_SeveralRequestsOnOneConnection_AnswersInOrder()
    {
        await using var server = SideServer.OnTcp(IPAddress.Loopback, 0, Echo);
        using var peer = RawPeer.Connect(server.Port);
        peer.Send("GET /a?x=1%202 HTTP/1.1\r\nhost: h\r\n\r\nPOST /b HTTP/1.1\r\nhost: h\r\ncontent-length: 3\r\n\r\nabcHEAD /c HTTP/1.1\r\nhost: h\r\n\r\nGET /d HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n");
        Assert.Equal("GET /a 1 2 False", peer.ReadResponse().Body);
        Assert.Equal("POST /b  False", peer.ReadResponse().Body);
        Assert.Equal("13", peer.ReadResponse(toHead: true).Header("content-length"));
        Assert.Equal("GET /d  False", peer.ReadResponse().Body);
        Assert.True(peer.IsClosedByPeer());
    }

    [Fact]
    public async Task Serve_HeadOverTheLimit_Closes()
    {
        await using var server = SideServer.OnTcp(IPAddress.Loopback, 0, Echo);
        using var peer = RawPeer.Connect(server.Port);
        peer.Send("GET / HTTP/1.1\r\nx: " + new string('a', SideServer.MaxHead));
        Assert.True(peer.IsClosedByPeer());
    }

    [Fact]
    public async Task OnUnixSocket_Serves_MayChangeAndIsPrivate()
    {
        string path = Path.Combine(Path.GetTempPath(), $"weft-admin-{Guid.NewGuid():N}.sock");
        await using (var server = SideServer.OnUnixSocket(path, Echo))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(path));
            using var peer = new RawPeer(socket, new NetworkStream(socket));
            Assert.EndsWith("True", peer.Send("GET / HTTP/1.1\r\nhost: h\r\n\r\n").ReadResponse().Body, StringComparison.Ordinal);
        }
        Assert.False(File.Exists(path));
    }

    private static void Echo(SideRequest request, SideResponse response) =>
        response.Write($"{request.Method} {request.Path} {request.Parameter("x")} {request.MayChange}");
}
