using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Weft.Native.Processes;

namespace Weft.Local.Control;

/// <summary>
/// One connection to a machine's control socket, either side: lines of JSON, with descriptors on the first. Blocking; writes may
/// come from several threads, one thread reads.
/// </summary>
public sealed class ControlConnection(Socket socket) : IDisposable
{
    /// <summary>No honest line is longer: a status of some hundred pods has 60 KiB.</summary>
    private const int LongestLine = 4 << 20;

    private readonly object _gate = new();
    private readonly List<byte> _pending = [];
    private readonly List<SafeFileHandle> _descriptors = [];

    /// <summary>Connects to a running machine.</summary>
    /// <exception cref="InvalidOperationException">Nothing answers there; the message says what to do.</exception>
    public static ControlConnection Open(MeshPaths paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(paths.ControlSocket));
            return new ControlConnection(socket);
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw new InvalidOperationException($"No mesh runs for {paths.Directory}. Start it: weft up {paths.Directory}");
        }
    }

    /// <summary>Asks one question and gives the one answer.</summary>
    public static ControlReply Ask(MeshPaths paths, ControlRequest request)
    {
        using ControlConnection connection = Open(paths);
        connection.Send(request);
        return connection.ReceiveReply() ?? throw new InvalidOperationException("the machine went away while it was asked");
    }

    public void Send(ControlRequest request, params IReadOnlyList<SafeHandle> descriptors) => Write(JsonSerializer.SerializeToUtf8Bytes(request, ControlJson.Default.ControlRequest), descriptors);

    public void Send(ControlReply reply) => Write(JsonSerializer.SerializeToUtf8Bytes(reply, ControlJson.Default.ControlReply), []);

    /// <summary>The next request, or null at the end; descriptors that came are in <paramref name="descriptors"/> and then the caller's.</summary>
    /// <exception cref="JsonException">It is no request.</exception>
    public ControlRequest? ReceiveRequest(out IReadOnlyList<SafeFileHandle> descriptors)
    {
        byte[]? line = ReadLine();
        descriptors = [.. _descriptors];
        _descriptors.Clear();
        return line is null ? null : JsonSerializer.Deserialize(line, ControlJson.Default.ControlRequest);
    }

    /// <summary>True when the peer speaks HTTP; its request line is then in <paramref name="target"/> and its head is read. Only before anything else is read.</summary>
    public bool TryReceiveHttp(out string target)
    {
        target = string.Empty;
        byte[]? first = ReadLine();
        if (first is null || !first.AsSpan().StartsWith("GET /"u8))
        {
            if (first is not null)
            {
                _pending.InsertRange(0, [.. first, (byte)'\n']);
            }

            return false;
        }

        target = Encoding.ASCII.GetString(first).Split(' ')[1];
        while (ReadLine() is { Length: > 1 })
        {
            // The head's fields say nothing that matters here; unread they would reset the connection.
        }

        return true;
    }

    /// <summary>Sends bytes as they are.</summary>
    public void SendRaw(byte[] bytes)
    {
        lock (_gate)
        {
            DescriptorMessage.Send(socket, bytes, []);
        }
    }

    /// <summary>The next reply, or null at the end.</summary>
    public ControlReply? ReceiveReply() => ReadLine() is { } line ? JsonSerializer.Deserialize(line, ControlJson.Default.ControlReply) : null;

    public void Dispose()
    {
        socket.Dispose();
        foreach (SafeFileHandle descriptor in _descriptors)
        {
            descriptor.Dispose();
        }
    }

    private void Write(byte[] json, IReadOnlyList<SafeHandle> descriptors)
    {
        byte[] line = [.. json, (byte)'\n'];
        lock (_gate)
        {
            DescriptorMessage.Send(socket, line, descriptors);
        }
    }

    private byte[]? ReadLine()
    {
        byte[] buffer = new byte[64 * 1024];
        while (true)
        {
            int end = _pending.IndexOf((byte)'\n');
            if (end >= 0)
            {
                byte[] line = [.. _pending[..end]];
                _pending.RemoveRange(0, end + 1);
                return line;
            }

            if (_pending.Count > LongestLine)
            {
                throw new InvalidDataException("a line on the control socket is too long");
            }

            int read = Receive(buffer);
            if (read == 0)
            {
                return null;
            }

            _pending.AddRange(buffer.AsSpan(0, read));
        }
    }

    private int Receive(byte[] buffer)
    {
        try
        {
            int read = DescriptorMessage.Receive(socket, buffer, out IReadOnlyList<SafeFileHandle> descriptors);
            _descriptors.AddRange(descriptors);
            return read;
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or SocketException)
        {
            return 0;
        }
    }
}
