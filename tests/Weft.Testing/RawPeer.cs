using System;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Weft.Testing;

/// <summary>
/// A peer that sends any bytes and reads what comes back, blocking, every wait bounded by a deadline. It is no HTTP client: it says
/// what no honest peer would. Text is Latin-1, so that every byte can be written down.
/// </summary>
public sealed class RawPeer : IDisposable
{
    /// <summary>Longest wait of any read. Generous: a failing test may take it, a passing one does not.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private readonly Socket _socket;
    private readonly Stream _stream;
    private readonly byte[] _buffer = new byte[65536];
    private int _start;
    private int _end;

    public RawPeer(Socket socket, Stream? stream = null)
    {
        _socket = socket;
        if (socket.ProtocolType == ProtocolType.Tcp) _socket.NoDelay = true;
        _socket.ReceiveTimeout = (int)Deadline.TotalMilliseconds;
        _socket.SendTimeout = (int)Deadline.TotalMilliseconds;
        _stream = stream ?? new NetworkStream(socket, ownsSocket: false);
    }

    public Socket Socket => _socket;

    /// <summary>The stream the peer talks over: the socket's, or TLS on it.</summary>
    public Stream Stream => _stream;

    public static RawPeer Connect(IPEndPoint address, int receiveBuffer = 0)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (receiveBuffer > 0) socket.ReceiveBufferSize = receiveBuffer;
        socket.Connect(address);
        return new RawPeer(socket);
    }

    public static RawPeer Connect(int port) => Connect(new IPEndPoint(IPAddress.Loopback, port));

    /// <summary>Wraps the connection in TLS as a client.</summary>
    public RawPeer StartTls(SslClientAuthenticationOptions options)
    {
        var tls = new SslStream(_stream, leaveInnerStreamOpen: false);
        tls.AuthenticateAsClient(options);
        return new RawPeer(_socket, tls);
    }

    public RawPeer Send(string latin1) => Send(Encoding.Latin1.GetBytes(latin1));

    public RawPeer Send(ReadOnlySpan<byte> bytes)
    {
        _stream.Write(bytes);
        _stream.Flush();
        return this;
    }

    /// <summary>Sends one byte at a time, each its own segment as far as the kernel allows.</summary>
    public RawPeer Drip(string latin1)
    {
        foreach (byte b in Encoding.Latin1.GetBytes(latin1)) Send([b]);
        return this;
    }

    /// <summary>Half-close: nothing more will be sent, answers are still read.</summary>
    public RawPeer EndSending()
    {
        _socket.Shutdown(SocketShutdown.Send);
        return this;
    }

    /// <summary>Closes with a reset.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Close();
    }

    public byte[] ReadExactly(int count)
    {
        byte[] result = new byte[count];
        int filled = 0;
        while (filled < count)
        {
            if (_start == _end && !Fill()) throw new EndOfStreamException($"{filled} of {count} bytes, then the peer closed");
            int take = Math.Min(count - filled, _end - _start);
            _buffer.AsSpan(_start, take).CopyTo(result.AsSpan(filled));
            _start += take;
            filled += take;
        }
        return result;
    }

    public string ReadText(int count) => Encoding.Latin1.GetString(ReadExactly(count));

    /// <summary>Reads up to and with <paramref name="marker"/>.</summary>
    public string ReadThrough(string marker)
    {
        var text = new StringBuilder();
        while (true)
        {
            while (_start < _end)
            {
                text.Append((char)_buffer[_start++]);
                if (text.Length >= marker.Length && text.ToString(text.Length - marker.Length, marker.Length) == marker) return text.ToString();
            }
            if (!Fill()) throw new EndOfStreamException($"closed before '{marker.ReplaceLineEndings("\\n")}', after: {text}");
        }
    }

    /// <summary>Reads a head up to the blank line, blank line included.</summary>
    public string ReadHead() => ReadThrough("\r\n\r\n");

    /// <summary>Reads one whole response. <paramref name="toHead"/>: the request was HEAD, no body follows.</summary>
    public RawResponse ReadResponse(bool toHead = false)
    {
        string head = ReadHead();
        int status = int.Parse(head.AsSpan(9, 3), CultureInfo.InvariantCulture);
        var response = new RawResponse(status, head, "", "");
        if (toHead || status is 204 or 304 or < 200) return response;
        if (response.Header("transfer-encoding") == "chunked")
        {
            var body = new StringBuilder();
            while (true)
            {
                string size = ReadThrough("\r\n");
                int length = int.Parse(size.AsSpan(0, size.Length - 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                if (length == 0) break;
                body.Append(ReadText(length));
                if (ReadText(2) != "\r\n") throw new InvalidDataException("chunk without its line end");
            }
            var trailers = new StringBuilder();
            for (string line = ReadThrough("\r\n"); line != "\r\n"; line = ReadThrough("\r\n")) trailers.Append(line);
            return response with { Body = body.ToString(), Trailers = trailers.ToString() };
        }
        if (response.Header("content-length") is { } declared)
            return response with { Body = ReadText(int.Parse(declared, CultureInfo.InvariantCulture)) };
        return response with { Body = ReadToEnd() };
    }

    /// <summary>Reads until the other side closes.</summary>
    public string ReadToEnd()
    {
        var text = new StringBuilder();
        do
        {
            text.Append(Encoding.Latin1.GetString(_buffer, _start, _end - _start));
            _start = _end = 0;
        }
        while (Fill());
        return text.ToString();
    }

    /// <summary>True if the other side closes (in order or by reset) without sending anything more.</summary>
    public bool IsClosedByPeer()
    {
        try
        {
            return _start == _end && !Fill();
        }
        catch (IOException error) when (error.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            return true;
        }
    }

    /// <summary>True if nothing arrives within <paramref name="wait"/>. For claims of silence only.</summary>
    public bool IsSilent(TimeSpan wait) => _start == _end && !_socket.Poll(wait, SelectMode.SelectRead);

    public void Dispose()
    {
        _stream.Dispose();
        _socket.Dispose();
    }

    private bool Fill()
    {
        _start = 0;
        _end = 0;
        _end = _stream.Read(_buffer);
        return _end > 0;
    }
}
