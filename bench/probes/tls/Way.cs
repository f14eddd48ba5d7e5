using System;
using System.Text;
using Weft.Native.Linux;
using Weft.Native.OpenSsl;

namespace Weft.Probes.Tls;

/// <summary>One connection's TLS, in one of three ways. All read and write the same scratch buffers, hold nothing when idle and never block.</summary>
internal abstract unsafe class Way
{
    protected const int ScratchBytes = 64 * 1024;

    /// <summary>True once the handshake is done.</summary>
    public abstract bool Handshake();

    /// <summary>Plaintext bytes read, 0 when there is no more for now, -1 at the end.</summary>
    public abstract int Read(byte[] scratch);

    public abstract void Write(byte[] bytes);

    public static nint RawContext(string certificate, string key)
    {
        nint context = OpenSsl.SSL_CTX_new(OpenSsl.TLS_method());
        // As Weft.Native sets its own: mode, no session cache, read-ahead, no tickets, the same first suite.
        OpenSsl.SSL_CTX_ctrl(context, 33, 0x01 | 0x02 | 0x08 | 0x10, null);
        OpenSsl.SSL_CTX_ctrl(context, 44, 0, null);
        OpenSsl.SSL_CTX_ctrl(context, 41, 1, null);
        OpenSsl.SSL_CTX_set_num_tickets(context, 0);
        fixed (byte* suites = "TLS_AES_128_GCM_SHA256\0"u8)
        fixed (byte* certificatePath = Encoding.UTF8.GetBytes(certificate + '\0'))
        fixed (byte* keyPath = Encoding.UTF8.GetBytes(key + '\0'))
        {
            OpenSsl.SSL_CTX_set_ciphersuites(context, suites);
            if (certificate.Length > 0)
            {
                OpenSsl.SSL_CTX_use_certificate_chain_file(context, certificatePath);
                OpenSsl.SSL_CTX_use_PrivateKey_file(context, keyPath, 1);
            }
        }

        return context;
    }
}

/// <summary>OpenSSL's own socket BIO.</summary>
internal sealed unsafe class FdWay : Way
{
    private readonly nint _ssl;

    public FdWay(nint context, int descriptor, bool server)
    {
        _ssl = OpenSsl.SSL_new(context);
        OpenSsl.SSL_set_fd(_ssl, descriptor);
        if (server)
        {
            OpenSsl.SSL_set_accept_state(_ssl);
        }
        else
        {
            OpenSsl.SSL_set_connect_state(_ssl);
        }
    }

    public override bool Handshake()
    {
        bool done = OpenSsl.SSL_do_handshake(_ssl) == 1;
        OpenSsl.ERR_clear_error();
        return done;
    }

    public override int Read(byte[] scratch)
    {
        fixed (byte* start = scratch)
        {
            int total = 0;
            while (total < scratch.Length)
            {
                int read = OpenSsl.SSL_read(_ssl, start + total, scratch.Length - total);
                if (read <= 0)
                {
                    OpenSsl.ERR_clear_error();
                    break;
                }

                total += read;
                // A record shorter than the read-ahead buffer has emptied the socket.
                if (OpenSsl.SSL_has_pending(_ssl) == 0)
                {
                    break;
                }
            }

            return total;
        }
    }

    public override void Write(byte[] bytes)
    {
        fixed (byte* start = bytes)
        {
            for (int at = 0; at < bytes.Length;)
            {
                // The probe's client always reads: a full socket buffer is only a matter of trying again.
                int written = OpenSsl.SSL_write(_ssl, start + at, bytes.Length - at);
                const int WantWrite = 3;
                if (written <= 0 && OpenSsl.SSL_get_error(_ssl, written) != WantWrite)
                {
                    OpenSsl.ERR_clear_error();
                    return;
                }

                at += Math.Max(written, 0);
            }
        }
    }
}

/// <summary>Memory BIOs on both sides and our own receive and send.</summary>
internal sealed unsafe class MemoryWay : Way
{
    private readonly nint _ssl;
    private readonly nint _in;
    private readonly nint _out;
    private readonly SocketFd _socket;
    private static readonly byte[] Cipher = GC.AllocateUninitializedArray<byte>(ScratchBytes, pinned: true);

    public MemoryWay(nint context, int descriptor)
    {
        _socket = new SocketFd(descriptor);
        _ssl = OpenSsl.SSL_new(context);
        _in = OpenSsl.BIO_new(OpenSsl.BIO_s_mem());
        _out = OpenSsl.BIO_new(OpenSsl.BIO_s_mem());
        // "Empty" means try again, not end of file.
        OpenSsl.BIO_ctrl(_in, 130, -1, null);
        OpenSsl.SSL_set_bio(_ssl, _in, _out);
        OpenSsl.SSL_set_accept_state(_ssl);
    }

    public override bool Handshake()
    {
        Receive();
        bool done = OpenSsl.SSL_do_handshake(_ssl) == 1;
        OpenSsl.ERR_clear_error();
        Send();
        return done;
    }

    public override int Read(byte[] scratch)
    {
        Receive();
        fixed (byte* start = scratch)
        {
            int total = 0;
            while (total < scratch.Length)
            {
                int read = OpenSsl.SSL_read(_ssl, start + total, scratch.Length - total);
                if (read <= 0)
                {
                    OpenSsl.ERR_clear_error();
                    break;
                }

                total += read;
                if (OpenSsl.SSL_has_pending(_ssl) == 0 && OpenSsl.BIO_ctrl(_in, 10, 0, null) == 0)
                {
                    break;
                }
            }

            return total;
        }
    }

    public override void Write(byte[] bytes)
    {
        fixed (byte* start = bytes)
        {
            for (int at = 0; at < bytes.Length;)
            {
                at += Math.Max(OpenSsl.SSL_write(_ssl, start + at, bytes.Length - at), 0);
            }
        }

        Send();
    }

    private void Receive()
    {
        IoResult received = Sockets.Receive(_socket, Cipher);
        if (received.Count > 0)
        {
            fixed (byte* start = Cipher)
            {
                OpenSsl.BIO_write(_in, start, received.Count);
            }
        }
    }

    private void Send()
    {
        fixed (byte* start = Cipher)
        {
            int count;
            while ((count = OpenSsl.BIO_read(_out, start, Cipher.Length)) > 0)
            {
                for (int at = 0; at < count;)
                {
                    IoResult sent = Sockets.Send(_socket, Cipher.AsSpan(at, count - at));
                    if (!sent.IsOk && !sent.IsWouldBlock)
                    {
                        return;
                    }

                    at += sent.Count;
                }
            }
        }
    }
}

/// <summary>Weft's own: a BIO whose callbacks receive and send on the link's socket.</summary>
internal sealed class BioWay : Way
{
    private static readonly TlsServerOptions Anyone = new() { Expected = PeerExpectation.AnyTrusted };
    private readonly TlsSession _session;

    public BioWay(TlsContext context, TlsWorkspace workspace, int descriptor)
    {
        _session = new TlsSession(workspace);
        _session.StartServer(context, Anyone, new SocketFd(descriptor), default);
    }

    public override bool Handshake()
    {
        _session.MarkSocketReadable(hungUp: false);
        return _session.Handshake() == TlsStep.Done;
    }

    public override int Read(byte[] scratch)
    {
        _session.MarkSocketReadable(hungUp: false);
        TlsStep step = _session.Read(scratch, out int count);
        return step is TlsStep.Done or TlsStep.NeedRead ? count : -1;
    }

    public override void Write(byte[] bytes)
    {
        for (int at = 0; at < bytes.Length || _session.PendingCiphertext > 0;)
        {
            if (_session.FlushCiphertext() == TlsStep.Failed)
            {
                return;
            }

            if (at < bytes.Length)
            {
                if (_session.Write(bytes.AsSpan(at), out int count) == TlsStep.Failed)
                {
                    return;
                }

                at += count;
            }
        }
    }
}
