using System;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace Weft.Local.Machine;

/// <summary>
/// Cluster DNS on the machine's address, udp and tcp 53: for pods without a sidecar, and upstream of the proxies' own. Names
/// outside the cluster do not exist: a machine has no way out.
/// </summary>
public sealed class DnsServer : IDisposable
{
    private readonly MeshNames _names;
    private readonly Socket _udp = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Socket _tcp = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public DnsServer(IPAddress address, MeshNames names)
    {
        const int port = 53;
        const int backlog = 64;
        _names = names;
        _udp.Bind(new IPEndPoint(address, port));
        _tcp.Bind(new IPEndPoint(address, port));
        _tcp.Listen(backlog);
    }

    public Task RunAsync(CancellationToken cancellation) => Task.WhenAll(ServeUdpAsync(cancellation), ServeTcpAsync(cancellation));

    public void Dispose()
    {
        _udp.Dispose();
        _tcp.Dispose();
    }

    private async Task ServeUdpAsync(CancellationToken cancellation)
    {
        byte[] question = new byte[1500];
        IPEndPoint any = new(IPAddress.Any, 0);
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                SocketReceiveFromResult received = await _udp.ReceiveFromAsync(question, any, cancellation);
                byte[] answer = DnsMessage.Answer(question.AsSpan(0, received.ReceivedBytes), _names.Find);
                if (answer.Length > 0)
                {
                    await _udp.SendToAsync(answer, received.RemoteEndPoint, cancellation);
                }
            }
            catch (SocketException)
            {
                // A peer that went away (ICMP); the next question is another's.
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeTcpAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                Socket client = await _tcp.AcceptAsync(cancellation);
                _ = AnswerTcpAsync(client, cancellation);
            }
            catch (SocketException)
            {
                // The client gave up before it was accepted.
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task AnswerTcpAsync(Socket client, CancellationToken cancellation)
    {
        using Socket owned = client;
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(5));
        try
        {
            byte[] question = new byte[1024];
            int length = 0;
            while (length < 2 || length < 2 + BinaryPrimitives.ReadUInt16BigEndian(question))
            {
                int read = length < question.Length ? await client.ReceiveAsync(question.AsMemory(length), limit.Token) : 0;
                if (read == 0)
                {
                    return;
                }

                length += read;
            }

            byte[] answer = DnsMessage.Answer(question.AsSpan(2, BinaryPrimitives.ReadUInt16BigEndian(question)), _names.Find);
            byte[] framed = new byte[answer.Length + 2];
            BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)answer.Length);
            answer.CopyTo(framed, 2);
            await client.SendAsync(framed, limit.Token);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Gone, or too slow: it asks again.
        }
    }
}
