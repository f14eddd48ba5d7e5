using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace Weft.Proxy.Dns;

/// <summary>
/// The workload's resolver on 127.0.0.1:15053, UDP and TCP. Runs on the thread pool, never on a loop. Bounded: forwarded queries
/// in flight (<see cref="MaxForwards"/>; over it SERVFAIL), TCP connections (<see cref="MaxConnections"/>), time for each.
/// A malformed packet gets FORMERR or nothing; none of them throws.
/// </summary>
public sealed class DnsServer : IAsyncDisposable
{
    public const int MaxForwards = 128;
    public const int MaxConnections = 32;
    private const int MaxMessage = 4096;
    private const int SolSocket = 1;
    private const int SoMark = 36;
    private static readonly TimeSpan ForwardPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ConnectionPatience = TimeSpan.FromSeconds(10);

    private readonly DnsResolver _resolver;
    private readonly IPEndPoint? _upstream;
    private readonly int _mark;
    private readonly Socket _udp;
    private readonly Socket _tcp;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;
    private int _forwards;
    private int _connections;
    private long _queries;
    private long _forwarded;
    private long _failures;

    /// <param name="resolver">Decides.</param>
    /// <param name="upstream">Where foreign names are asked; null: nowhere.</param>
    /// <param name="mark">SO_MARK of forwarded queries, so that redirection does not send them back here.</param>
    /// <param name="udp">Bound UDP socket; owned from now on.</param>
    /// <param name="tcp">Listening TCP socket; owned from now on.</param>
    public DnsServer(DnsResolver resolver, IPEndPoint? upstream, int mark, Socket udp, Socket tcp)
    {
        _resolver = resolver;
        _upstream = upstream;
        _mark = mark;
        _udp = udp;
        _tcp = tcp;
        _serving = Task.WhenAll(ServeUdpAsync(), ServeTcpAsync());
    }

    public long Queries => Volatile.Read(ref _queries);
    public long Forwarded => Volatile.Read(ref _forwarded);
    public long Failures => Volatile.Read(ref _failures);
    public IPEndPoint Udp => (IPEndPoint)_udp.LocalEndPoint!;
    public IPEndPoint Tcp => (IPEndPoint)_tcp.LocalEndPoint!;

    /// <summary>Opens the sockets (or takes the inherited UDP one) and starts.</summary>
    /// <exception cref="SocketException">The port is taken.</exception>
    public static DnsServer Start(DnsResolver resolver, int port, int inheritedUdp, IPAddress? upstream, int mark)
    {
        Socket udp;
        if (inheritedUdp >= 0)
        {
            udp = new Socket(new SafeSocketHandle(inheritedUdp, ownsHandle: true));
        }
        else
        {
            udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            udp.Bind(new IPEndPoint(IPAddress.Loopback, port));
        }
        var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        tcp.Bind(new IPEndPoint(IPAddress.Loopback, ((IPEndPoint)udp.LocalEndPoint!).Port));
        tcp.Listen(MaxConnections);
        return new DnsServer(resolver, upstream is null ? null : new IPEndPoint(upstream, 53), mark, udp, tcp);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _udp.Dispose();
        _tcp.Dispose();
        await _serving.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task ServeUdpAsync()
    {
        byte[] query = new byte[MaxMessage];
        byte[] answer = new byte[MaxMessage];
        var from = new SocketAddress(AddressFamily.InterNetwork);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                int read = await _udp.ReceiveFromAsync(query, SocketFlags.None, from, _stop.Token).ConfigureAwait(false);
                Interlocked.Increment(ref _queries);
                switch (_resolver.Resolve(query.AsSpan(0, read), isUdp: true, answer, out int length))
                {
                    case DnsVerdict.Answer:
                        await _udp.SendToAsync(answer.AsMemory(0, length), SocketFlags.None, from, _stop.Token).ConfigureAwait(false);
                        break;
                    case DnsVerdict.Forward:
                        Forward(query.AsSpan(0, read), from, answer);
                        break;
                }
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
                // An ICMP error of an earlier answer: the asker is gone. Nothing to do for it.
                Interlocked.Increment(ref _failures);
            }
        }
    }

    private void Forward(ReadOnlySpan<byte> query, SocketAddress from, byte[] answer)
    {
        if (Interlocked.Increment(ref _forwards) > MaxForwards)
        {
            Interlocked.Decrement(ref _forwards);
            Interlocked.Increment(ref _failures);
            int length = DnsResolver.WriteFailure(query, answer);
            _udp.SendTo(answer.AsSpan(0, length), SocketFlags.None, from);
            return;
        }
        byte[] copy = ArrayPool<byte>.Shared.Rent(MaxMessage);
        query.CopyTo(copy);
        var asker = new SocketAddress(from.Family, from.Size);
        from.Buffer.Span[..from.Size].CopyTo(asker.Buffer.Span);
        _ = ForwardUdpAsync(copy, query.Length, asker);
    }

    private async Task ForwardUdpAsync(byte[] buffer, int length, SocketAddress asker)
    {
        try
        {
            Interlocked.Increment(ref _forwarded);
            int answered = await AskUdpAsync(buffer, length).ConfigureAwait(false);
            await _udp.SendToAsync(buffer.AsMemory(0, answered), SocketFlags.None, asker, _stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The process stops.
        }
        catch (ObjectDisposedException)
        {
            // The process stops.
        }
        catch (SocketException)
        {
            Interlocked.Increment(ref _failures);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            Interlocked.Decrement(ref _forwards);
        }
    }

    // One socket for each question: a fresh random port, so that an answer is as hard to forge as the resolver's own questions are.
    private async Task<int> AskUdpAsync(byte[] buffer, int length)
    {
        byte[] query = buffer.AsSpan(0, length).ToArray();
        for (int attempt = 0; attempt < 2; attempt++)
        {
            try
            {
                using var socket = Marked(SocketType.Dgram, ProtocolType.Udp);
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
                patience.CancelAfter(ForwardPatience);
                await socket.ConnectAsync(_upstream!, patience.Token).ConfigureAwait(false);
                await socket.SendAsync(query, patience.Token).ConfigureAwait(false);
                while (true)
                {
                    int read = await socket.ReceiveAsync(buffer.AsMemory(0, MaxMessage), patience.Token).ConfigureAwait(false);
                    if (IsAnswerTo(query, buffer.AsSpan(0, read))) return read;
                }
            }
            catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
            {
                // No answer in time; once more.
            }
            catch (SocketException)
            {
                // Refused or unreachable; once more.
            }
        }
        Interlocked.Increment(ref _failures);
        return DnsResolver.WriteFailure(query, buffer);
    }

    /// <summary>Same id, an answer, the same question.</summary>
    internal static bool IsAnswerTo(ReadOnlySpan<byte> query, ReadOnlySpan<byte> answer)
    {
        Span<byte> scratch = stackalloc byte[DnsQuestion.LongestName + 3];
        if (answer.Length < DnsQuestion.HeaderLength || (answer[2] & 0x80) == 0 || !answer[..2].SequenceEqual(query[..2])) return false;
        if (DnsQuestion.Parse(query, scratch, out var question) != DnsParse.Question) return false;
        // An error may come without the question; then the id and the connected socket must do.
        if (answer.Length < question.End) return answer.Length == DnsQuestion.HeaderLength;
        return System.Text.Ascii.EqualsIgnoreCase(answer[DnsQuestion.HeaderLength..question.End], query[DnsQuestion.HeaderLength..question.End])
            || answer[DnsQuestion.HeaderLength..question.End].SequenceEqual(query[DnsQuestion.HeaderLength..question.End]);
    }

    private Socket Marked(SocketType type, ProtocolType protocol)
    {
        var socket = new Socket(AddressFamily.InterNetwork, type, protocol);
        if (_mark != 0)
        {
            Span<byte> value = stackalloc byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(value, _mark);
            socket.SetRawSocketOption(SolSocket, SoMark, value);
        }
        return socket;
    }

    private async Task ServeTcpAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var socket = await _tcp.AcceptAsync(_stop.Token).ConfigureAwait(false);
                if (Interlocked.Increment(ref _connections) > MaxConnections)
                {
                    Interlocked.Decrement(ref _connections);
                    socket.Dispose();
                    continue;
                }
                _ = ServeConnectionAsync(socket);
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
                Interlocked.Increment(ref _failures);
                if (!_stop.IsCancellationRequested) await Task.Delay(20, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private async Task ServeConnectionAsync(Socket socket)
    {
        byte[] query = ArrayPool<byte>.Shared.Rent(MaxMessage);
        byte[] answer = ArrayPool<byte>.Shared.Rent(65536 + 2);
        try
        {
            using var owned = socket;
            while (true)
            {
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
                patience.CancelAfter(ConnectionPatience);
                int length = await ReadMessageAsync(socket, query, MaxMessage, patience.Token).ConfigureAwait(false);
                if (length < 0) return;
                Interlocked.Increment(ref _queries);
                var verdict = _resolver.Resolve(query.AsSpan(0, length), isUdp: false, answer.AsSpan(2, 65535), out int written);
                if (verdict == DnsVerdict.Drop) return;
                if (verdict == DnsVerdict.Forward) written = await AskTcpAsync(query, length, answer, patience.Token).ConfigureAwait(false);
                BinaryPrimitives.WriteUInt16BigEndian(answer, (ushort)written);
                await SendAllAsync(socket, answer.AsMemory(0, written + 2), patience.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Patience ran out, or the process stops.
        }
        catch (SocketException)
        {
            // The asker went away.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(query);
            ArrayPool<byte>.Shared.Return(answer);
            Interlocked.Decrement(ref _connections);
        }
    }

    private async Task<int> AskTcpAsync(byte[] query, int length, byte[] answer, CancellationToken stop)
    {
        Interlocked.Increment(ref _forwarded);
        try
        {
            using var socket = Marked(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(_upstream!, stop).ConfigureAwait(false);
            byte[] framed = new byte[length + 2];
            BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)length);
            query.AsSpan(0, length).CopyTo(framed.AsSpan(2));
            await SendAllAsync(socket, framed, stop).ConfigureAwait(false);
            byte[] message = new byte[65535];
            int read = await ReadMessageAsync(socket, message, message.Length, stop).ConfigureAwait(false);
            if (read >= 0 && IsAnswerTo(query.AsSpan(0, length), message.AsSpan(0, read)))
            {
                message.AsSpan(0, read).CopyTo(answer.AsSpan(2));
                return read;
            }
        }
        catch (SocketException)
        {
            // Falls through to SERVFAIL.
        }
        Interlocked.Increment(ref _failures);
        return DnsResolver.WriteFailure(query.AsSpan(0, length), answer.AsSpan(2));
    }

    private static async Task<int> ReadMessageAsync(Socket socket, byte[] buffer, int room, CancellationToken stop)
    {
        byte[] prefix = new byte[2];
        if (!await ReadExactAsync(socket, prefix, stop).ConfigureAwait(false)) return -1;
        int length = BinaryPrimitives.ReadUInt16BigEndian(prefix);
        if (length > room) return -1;
        return await ReadExactAsync(socket, buffer.AsMemory(0, length), stop).ConfigureAwait(false) ? length : -1;
    }

    private static async Task<bool> ReadExactAsync(Socket socket, Memory<byte> buffer, CancellationToken stop)
    {
        while (buffer.Length > 0)
        {
            int read = await socket.ReceiveAsync(buffer, stop).ConfigureAwait(false);
            if (read == 0) return false;
            buffer = buffer[read..];
        }
        return true;
    }

    private static async Task SendAllAsync(Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        while (bytes.Length > 0)
        {
            int sent = await socket.SendAsync(bytes, stop).ConfigureAwait(false);
            bytes = bytes[sent..];
        }
    }
}
