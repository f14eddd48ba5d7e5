using System;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Weft.CommandLine.Output;

namespace Weft.CommandLine.Mesh;

/// <summary>HTTP over one Unix socket of the mesh: weftd's debug endpoints, a proxy's admin.</summary>
internal sealed class SocketClient : IDisposable
{
    private readonly HttpClient _client;
    private readonly string _who;

    /// <param name="path">The socket.</param>
    /// <param name="who">Who listens there, for messages.</param>
    public SocketClient(string path, string who)
    {
        _who = who;
        _client = new(new SocketsHttpHandler { ConnectCallback = (_, cancellation) => ConnectAsync(path, who, cancellation) })
        {
            BaseAddress = new Uri("http://localhost"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public async Task<JsonDocument> GetJsonAsync(string path, CancellationToken cancellation)
    {
        using HttpResponseMessage response = await _client.GetAsync(path, cancellation);
        await ExpectSuccessAsync(response, path, cancellation);
        await using Stream body = await response.Content.ReadAsStreamAsync(cancellation);
        return await JsonDocument.ParseAsync(body, default, cancellation);
    }

    public async Task<byte[]> GetBytesAsync(string path, CancellationToken cancellation)
    {
        using HttpResponseMessage response = await _client.GetAsync(path, cancellation);
        await ExpectSuccessAsync(response, path, cancellation);
        return await response.Content.ReadAsByteArrayAsync(cancellation);
    }

    /// <summary>The answer whatever its status, for questions whose "no" is an answer.</summary>
    public async Task<(HttpStatusCode Status, JsonDocument Body)> AskAsync(string path, CancellationToken cancellation)
    {
        using HttpResponseMessage response = await _client.GetAsync(path, cancellation);
        await using Stream body = await response.Content.ReadAsStreamAsync(cancellation);
        return (response.StatusCode, await JsonDocument.ParseAsync(body, default, cancellation));
    }

    public void Dispose() => _client.Dispose();

    private async Task ExpectSuccessAsync(HttpResponseMessage response, string path, CancellationToken cancellation)
    {
        if (!response.IsSuccessStatusCode)
        {
            string body = await response.Content.ReadAsStringAsync(cancellation);
            throw new CommandException($"{_who} answered {(int)response.StatusCode} to {path}: {body.Trim()}");
        }
    }

    private static async ValueTask<Stream> ConnectAsync(string path, string who, CancellationToken cancellation)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException fault)
        {
            socket.Dispose();
            throw new CommandException($"{who} does not answer on {path}: {fault.Message}. It may be starting or restarting; `weft logs weftd` and `weft logs POD -c istio-proxy` say more.");
        }
    }
}
