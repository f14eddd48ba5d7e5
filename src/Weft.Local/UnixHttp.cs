using System;
using System.Net.Http;
using System.Net.Sockets;

namespace Weft.Local;

/// <summary>HTTP over a Unix socket: weftd's debug socket, a proxy's admin socket.</summary>
public static class UnixHttp
{
    /// <summary>A client whose every request goes to <paramref name="socket"/>; write its addresses as http://weft/path.</summary>
    public static HttpClient Client(string socket, TimeSpan timeout) => new(
        new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, cancellation) =>
            {
                Socket connection = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellation);
                    return new NetworkStream(connection, ownsSocket: true);
                }
                catch
                {
                    connection.Dispose();
                    throw;
                }
            },
        },
        disposeHandler: true)
    { BaseAddress = new Uri("http://weft/"), Timeout = timeout };
}
