using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Weft.Store;

namespace Weft.Kubernetes.Tests;

/// <summary>A tiny HTTP/1.1 server on a Unix socket in front of an <see cref="ApiHandler"/>: one request a connection at a time, chunked watches. Counts what it is asked.</summary>
internal sealed class TestApiServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Socket> _open = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("weft-api-").FullName;
    private Socket _listener;
    private Task _accepting;

    internal TestApiServer(Func<string, string, ReadOnlyMemory<byte>, ApiAnswer> handle)
    {
        Handle = handle;
        _listener = Listen();
        _accepting = AcceptAsync(_listener);
    }

    internal string SocketPath => Path.Combine(_folder, "api.sock");

    internal Func<string, string, ReadOnlyMemory<byte>, ApiAnswer> Handle { get; set; }

    internal ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Cuts every open connection, as a server that dies does; new ones are taken.</summary>
    internal void CutConnections()
    {
        lock (_open)
        {
            foreach (Socket socket in _open)
            {
                socket.Dispose();
            }

            _open.Clear();
        }
    }

    /// <summary>Stops listening and cuts all connections.</summary>
    internal void Down()
    {
        _listener.Dispose();
        File.Delete(SocketPath);
        CutConnections();
    }

    internal void Up()
    {
        _listener = Listen();
        _accepting = AcceptAsync(_listener);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Down();
        await _accepting;
        Directory.Delete(_folder, recursive: true);
        _stop.Dispose();
    }

    private Socket Listen()
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        listener.Listen();
        return listener;
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                Socket socket = await listener.AcceptAsync(_stop.Token);
                lock (_open)
                {
                    _open.Add(socket);
                }

                _ = Task.Run(() => ServeAsync(socket));
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The test has taken the server down.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            while (await ReadRequestAsync(stream) is { } request)
            {
                Requests.Enqueue($"{request.Method} {request.Target}");
                ApiAnswer answer = Handle(request.Method, request.Target, request.Body);
                string framing = answer.Stream is null ? $"Content-Length: {answer.Body.Length}" : "Transfer-Encoding: chunked";
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {answer.Status} X\r\nContent-Type: {answer.ContentType}\r\n{framing}\r\n\r\n"), _stop.Token);
                if (answer.Stream is null)
                {
                    await stream.WriteAsync(answer.Body, _stop.Token);
                    continue;
                }

                await foreach (ReadOnlyMemory<byte> line in answer.Stream(_stop.Token))
                {
                    await stream.WriteAsync(Encoding.ASCII.GetBytes($"{line.Length:x}\r\n"), _stop.Token);
                    await stream.WriteAsync(line, _stop.Token);
                    await stream.WriteAsync("\r\n"u8.ToArray(), _stop.Token);
                }

                await stream.WriteAsync("0\r\n\r\n"u8.ToArray(), _stop.Token);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The client has gone, or the test has cut the connection.
        }
    }

    private async Task<(string Method, string Target, byte[] Body)?> ReadRequestAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        byte[] one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0)
            {
                return null;
            }

            head.Append((char)one[0]);
        }

        string[] lines = head.ToString().Split("\r\n");
        string[] words = lines[0].Split(' ');
        int length = 0;
        foreach (string line in lines)
        {
            if (line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
            {
                length = int.Parse(line[15..], CultureInfo.InvariantCulture);
            }
        }

        byte[] body = new byte[length];
        await stream.ReadExactlyAsync(body, _stop.Token);
        return (words[0], words[1], body);
    }
}
