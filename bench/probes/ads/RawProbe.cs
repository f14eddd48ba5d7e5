using System;
using System.Buffers.Binary;
using System.IO;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using System.Threading;

namespace Weft.Probes.Ads;

/// <summary>The least HTTP/2 that keeps one gRPC stream open (RFC 9113): enough to compare memory, no more.</summary>
internal sealed class RawProbe : IDisposable
{
    private readonly SslStream _tls;
    private readonly Lock _writing = new();

    private RawProbe(SslStream tls) => _tls = tls;

    public static RawProbe Open(Material material, int port)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
        tls.AuthenticateAsClient(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            EnabledSslProtocols = SslProtocols.Tls13,
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            ClientCertificates = [material.Client],
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
        });
        var probe = new RawProbe(tls);
        probe.Start();
        using var answered = new ManualResetEventSlim();
        new Thread(() => probe.ReadFrames(answered), 256 * 1024) { IsBackground = true }.Start();
        answered.Wait();
        return probe;
    }

    public void Dispose() => _tls.Dispose();

    private void Start()
    {
        _tls.Write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8);
        Write(4, 0, 0, []);
        Write(1, 4, 1, Headers());
        // One gRPC message: not compressed, empty.
        Write(0, 0, 1, [0, 0, 0, 0, 0]);
    }

    /// <summary>HPACK without a table: indexed :method POST (3) and :scheme https (7), the rest literal and never indexed.</summary>
    private static byte[] Headers()
    {
        using var block = new MemoryStream();
        block.WriteByte(0x83);
        block.WriteByte(0x87);
        Literal(block, ":path", "/envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources");
        Literal(block, ":authority", "localhost");
        Literal(block, "content-type", "application/grpc");
        Literal(block, "te", "trailers");
        return block.ToArray();
    }

    private static void Literal(MemoryStream block, string name, string value)
    {
        block.WriteByte(0x10);
        block.WriteByte((byte)name.Length);
        block.Write(Encoding.ASCII.GetBytes(name));
        block.WriteByte((byte)value.Length);
        block.Write(Encoding.ASCII.GetBytes(value));
    }

    private void Write(byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        Span<byte> head = stackalloc byte[9];
        BinaryPrimitives.WriteInt32BigEndian(head, payload.Length << 8 | type);
        head[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(head[5..], stream);
        lock (_writing)
        {
            _tls.Write(head);
            _tls.Write(payload);
        }
    }

    private void ReadFrames(ManualResetEventSlim answered)
    {
        var frame = new byte[16 * 1024 + 9];
        while (true)
        {
            _tls.ReadExactly(frame.AsSpan(0, 9));
            var length = BinaryPrimitives.ReadInt32BigEndian(frame) >>> 8;
            var (type, flags) = (frame[3], frame[4]);
            var payload = frame.AsSpan(9, length);
            _tls.ReadExactly(payload);
            if (type == 4 && (flags & 1) == 0) Write(4, 1, 0, []);
            else if (type == 6 && (flags & 1) == 0) Write(6, 1, 0, payload);
            else if (type == 0) answered.Set();
            else if (type is 3 or 7) throw new IOException($"frame {type}: {Convert.ToHexString(payload)}");
        }
    }
}
