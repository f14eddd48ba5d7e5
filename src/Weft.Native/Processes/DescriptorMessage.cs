using System;
using System.Collections.Generic;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Weft.Native.Processes;

/// <summary>Sends and receives descriptors beside bytes over a Unix stream socket (SCM_RIGHTS, unix(7)). Blocking; off the data path.</summary>
public static unsafe partial class DescriptorMessage
{
    /// <summary>More than stdin, stdout, stderr and a terminal nobody sends.</summary>
    public const int MostDescriptors = 8;

    private const int ControlHeaderBytes = 16;
    private const int ControlBytes = 64;
    private const int SocketLevel = 1;
    private const int Rights = 1;
    private const int CloseOnExec = 0x40000000;
    private const int NoSignal = 0x4000;

    [StructLayout(LayoutKind.Sequential)]
    private struct Vector
    {
        public void* Base;
        public nuint Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Header
    {
        public void* Name;
        public nuint NameLength;
        public Vector* Vectors;
        public nuint VectorCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }

    /// <summary>Sends all of <paramref name="bytes"/>; the descriptors ride on the first of them.</summary>
    public static void Send(Socket socket, ReadOnlySpan<byte> bytes, IReadOnlyList<SafeHandle> descriptors)
    {
        ArgumentNullException.ThrowIfNull(socket);
        ArgumentNullException.ThrowIfNull(descriptors);
        if (descriptors.Count > MostDescriptors || bytes.IsEmpty)
        {
            throw new ArgumentException("too many descriptors, or no byte to carry them", nameof(descriptors));
        }

        byte* control = stackalloc byte[ControlBytes];
        new Span<byte>(control, ControlBytes).Clear();
        int used = ControlHeaderBytes + (descriptors.Count * sizeof(int));
        *(nuint*)control = (nuint)used;
        *(int*)(control + 8) = SocketLevel;
        *(int*)(control + 12) = Rights;
        for (int i = 0; i < descriptors.Count; i++)
        {
            ((int*)(control + ControlHeaderBytes))[i] = (int)descriptors[i].DangerousGetHandle();
        }

        int sent;
        fixed (byte* pointer = bytes)
        {
            Vector vector = new() { Base = pointer, Length = (nuint)bytes.Length };
            Header header = new() { Vectors = &vector, VectorCount = 1, Control = descriptors.Count == 0 ? null : control, ControlLength = descriptors.Count == 0 ? 0 : (nuint)((used + 7) & ~7) };
            sent = (int)SendMessage(socket.SafeHandle, &header, NoSignal);
        }

        ProcessCalls.Check(sent, "sendmsg");
        GC.KeepAlive(descriptors);
        for (ReadOnlySpan<byte> rest = bytes[sent..]; !rest.IsEmpty;)
        {
            rest = rest[socket.Send(rest)..];
        }
    }

    /// <summary>Receives some bytes and whatever descriptors ride on them; 0 is the end of the stream. The caller owns the descriptors.</summary>
    public static int Receive(Socket socket, Span<byte> buffer, out IReadOnlyList<SafeFileHandle> descriptors)
    {
        ArgumentNullException.ThrowIfNull(socket);
        byte* control = stackalloc byte[ControlBytes];
        int received;
        Header header;
        fixed (byte* pointer = buffer)
        {
            Vector vector = new() { Base = pointer, Length = (nuint)buffer.Length };
            header = new() { Vectors = &vector, VectorCount = 1, Control = control, ControlLength = ControlBytes };
            do
            {
                received = (int)ReceiveMessage(socket.SafeHandle, &header, CloseOnExec);
            }
            while (received < 0 && Marshal.GetLastPInvokeError() == ProcessCalls.InterruptedCall);
        }

        ProcessCalls.Check(received, "recvmsg");
        List<SafeFileHandle> taken = [];
        if (header.ControlLength >= ControlHeaderBytes && *(int*)(control + 8) == SocketLevel && *(int*)(control + 12) == Rights)
        {
            int count = (int)(*(nuint*)control - ControlHeaderBytes) / sizeof(int);
            for (int i = 0; i < Math.Min(count, MostDescriptors); i++)
            {
                taken.Add(new SafeFileHandle(((int*)(control + ControlHeaderBytes))[i], ownsHandle: true));
            }
        }

        descriptors = taken;
        return received;
    }

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    private static partial nint SendMessage(SafeSocketHandle socket, Header* message, int flags);

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    private static partial nint ReceiveMessage(SafeSocketHandle socket, Header* message, int flags);
}
