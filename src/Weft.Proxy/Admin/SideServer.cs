using System;
using System.Buffers;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Weft.Proxy.Admin;

/// <summary>
/// A small HTTP/1.1 server for what stands beside the data path: readiness, metrics, admin. Runs on the thread pool, never on a
/// loop; answers are built in memory. It is bounded: <see cref="MaxConnections"/> at once, heads of <see cref="MaxHead"/> bytes,
/// bodies read and dropped up to <see cref="MaxBody"/>, <see cref="Patience"/> for each request. It is not meant for strangers' traffic.
/// </summary>
public sealed class SideServer : IAsyncDisposable
{
    public const int MaxConnections = 64;
    public const int MaxHead = 8192;
    public const int MaxBody = 65536;
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Socket _listening;
    private readonly Action<SideRequest, SideResponse> _handler;
    private readonly bool _mayChange;
    private readonly string? _socketPath;
    private readonly CancellationTokenSource _stop = new();

    // One answer's memory is kept: a scrape every second would otherwise grow a new large array each time, and large arrays cost full collections.
    private SideResponse? _spare;
    private int _connections;
    private Task _accepting = Task.CompletedTask;

    private SideServer(Socket listening, bool mayChange, string? socketPath, Action<SideRequest, SideResponse> handler)
    {
        _listening = listening;
        _mayChange = mayChange;
        _socketPath = socketPath;
        _handler = handler;
        _accepting = AcceptAsync();
    }

    /// <summary>The TCP port in use; 0 for a Unix socket.</summary>
    public int Port => (_listening.LocalEndPoint as IPEndPoint)?.Port ?? 0;

    /// <summary>Listens on TCP. Verbs that change the proxy are refused there: any process of the pod can reach it.</summary>
    /// <exception cref="SocketException">The address is taken.</exception>
    public static SideServer OnTcp(IPAddress address, int port, Action<SideRequest, SideResponse> handler)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(128);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        return new SideServer(socket, mayChange: false, null, handler);
    }

    /// <summary>Listens on a Unix socket of mode 0600, outside the workload's mount namespace: whoever reaches it may change the proxy.</summary>
    /// <exception cref="SocketException">The path cannot be bound.</exception>
    public static SideServer OnUnixSocket(string path, Action<SideRequest, SideResponse> handler)
    {
        File.Delete(path);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(path));
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            socket.Listen(64);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        return new SideServer(socket, mayChange: true, path, handler);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _listening.Dispose();
        await _accepting.ConfigureAwait(false);
        if (_socketPath is not null) File.Delete(_socketPath);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await _listening.AcceptAsync(_stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // Out of descriptors or an aborted connection: not a reason to stop answering probes.
                if (_stop.IsCancellationRequested) return;
                await Task.Delay(20, CancellationToken.None).ConfigureAwait(false);
                continue;
            }
            if (Interlocked.Increment(ref _connections) > MaxConnections)
            {
                Interlocked.Decrement(ref _connections);
                socket.Dispose();
                continue;
            }
            _ = ServeAsync(socket);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(MaxHead);
        try
        {
            using var owned = socket;
            int filled = 0;
            while (!_stop.IsCancellationRequested)
            {
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
                patience.CancelAfter(Patience);
                int end;
                while ((end = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0)
                {
                    if (filled == MaxHead) return;
                    int read = await socket.ReceiveAsync(buffer.AsMemory(filled, MaxHead - filled), patience.Token).ConfigureAwait(false);
                    if (read == 0) return;
                    filled += read;
                }
                string head = Encoding.Latin1.GetString(buffer, 0, end);
                int rest = filled - (end + 4);
                buffer.AsSpan(end + 4, rest).CopyTo(buffer);
                filled = rest;

                var response = Interlocked.Exchange(ref _spare, null) ?? new SideResponse();
                bool keepAlive = Answer(head, response, out bool isHead, out int body);
                while (body > 0)
                {
                    int take = Math.Min(body, filled);
                    buffer.AsSpan(take, filled - take).CopyTo(buffer);
                    filled -= take;
                    body -= take;
                    if (body == 0) break;
                    int read = await socket.ReceiveAsync(buffer.AsMemory(0, Math.Min(body, MaxHead)), patience.Token).ConfigureAwait(false);
                    if (read == 0) return;
                    filled = read;
                }
                await SendAsync(socket, response, isHead, keepAlive, patience.Token).ConfigureAwait(false);
                response.Reset();
                _spare = response;
                if (!keepAlive) return;
            }
        }
        catch (OperationCanceledException)
        {
            // Patience ran out, or the process stops.
        }
        catch (SocketException)
        {
            // The caller went away.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            Interlocked.Decrement(ref _connections);
        }
    }

    private bool Answer(string head, SideResponse response, out bool isHead, out int body)
    {
        isHead = false;
        body = 0;
        string[] lines = head.Split("\r\n");
        string[] words = lines[0].Split(' ');
        if (words.Length != 3 || !words[2].StartsWith("HTTP/1.", StringComparison.Ordinal) || !words[1].StartsWith('/'))
        {
            response.Plain(400, "Bad request line.\n");
            return false;
        }
        bool keepAlive = words[2] == "HTTP/1.1";
        for (int i = 1; i < lines.Length; i++)
        {
            int colon = lines[i].IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0) continue;
            var name = lines[i].AsSpan(0, colon);
            var value = lines[i].AsSpan(colon + 1).Trim();
            if (name.Equals("connection", StringComparison.OrdinalIgnoreCase) && value.Equals("close", StringComparison.OrdinalIgnoreCase)) keepAlive = false;
            if (name.Equals("transfer-encoding", StringComparison.OrdinalIgnoreCase) || (name.Equals("content-length", StringComparison.OrdinalIgnoreCase)
                && (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out body) || body > MaxBody)))
            {
                body = 0;
                response.Plain(413, "This server takes no such body.\n");
                return false;
            }
        }
        int question = words[1].IndexOf('?', StringComparison.Ordinal);
        string path = question < 0 ? words[1] : words[1][..question];
        string query = question < 0 ? "" : words[1][(question + 1)..];
        isHead = words[0] == "HEAD";
        if (words[0] is not ("GET" or "HEAD" or "POST"))
        {
            response.Plain(405, $"Method {words[0]} not allowed.\n");
            return false;
        }
        try
        {
            _handler(new SideRequest(isHead ? "GET" : words[0], path, query, _mayChange), response);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            response.Plain(500, $"{error.GetType().Name}: {error.Message}\n");
        }
        return keepAlive;
    }

    private static async Task SendAsync(Socket socket, SideResponse response, bool isHead, bool keepAlive, CancellationToken stop)
    {
        string head = string.Create(CultureInfo.InvariantCulture,
            $"HTTP/1.1 {response.Status} {Reason(response.Status)}\r\ncontent-type: {response.ContentType}\r\ncache-control: no-cache, max-age=0\r\nx-content-type-options: nosniff\r\ncontent-length: {response.Body.WrittenCount}\r\n{(keepAlive ? "" : "connection: close\r\n")}\r\n");
        byte[] bytes = Encoding.ASCII.GetBytes(head);
        await SendAllAsync(socket, bytes, stop).ConfigureAwait(false);
        if (!isHead) await SendAllAsync(socket, response.Body.WrittenMemory, stop).ConfigureAwait(false);
    }

    private static async Task SendAllAsync(Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        while (bytes.Length > 0)
        {
            int sent = await socket.SendAsync(bytes, stop).ConfigureAwait(false);
            bytes = bytes[sent..];
        }
    }

    private static string Reason(int status) => status switch
    {
        200 => "OK",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        413 => "Content Too Large",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        _ => "Status",
    };
}
