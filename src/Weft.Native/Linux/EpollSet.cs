using System;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Weft.Native.Linux;

/// <summary>
/// One epoll set and the room for what it reports. Used by one thread. Entries are added and (before a shared listener is left) removed, never modified.
/// </summary>
public sealed unsafe class EpollSet : IDisposable
{
    private const int ControlAdd = 1;
    private const int ControlDelete = 2;
    private const int CloseOnExec = 0x80000;

    // struct epoll_event is packed on x86-64 only.
    private static readonly int Stride = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int DataOffset = Stride - sizeof(ulong);

    private readonly DescriptorHandle _handle;
    private readonly int _fd;
    private readonly int _capacity;
    private byte* _events;

    /// <param name="capacity">Events taken per wait.</param>
    /// <exception cref="Win32Exception">The kernel refuses (descriptor limit).</exception>
    public EpollSet(int capacity)
    {
        IoResult fd = LibC.Result(LibC.epoll_create1(CloseOnExec));
        if (!fd.IsOk)
        {
            throw new Win32Exception((int)fd.Errno, "epoll_create1 failed: raise the limit of open files (ulimit -n)");
        }

        _handle = new DescriptorHandle(fd.Value);
        _fd = fd.Value;
        _capacity = capacity;
        _events = (byte*)NativeMemory.AllocZeroed((nuint)(capacity * Stride));
    }

    /// <summary>Registers <paramref name="fd"/>; <paramref name="data"/> comes back with each of its events.</summary>
    public IoResult Add(int fd, EpollEvents events, ulong data)
    {
        byte* entry = stackalloc byte[16];
        *(uint*)entry = (uint)events;
        *(ulong*)(entry + DataOffset) = data;
        return LibC.Result(LibC.epoll_ctl(_fd, ControlAdd, fd, entry));
    }

    /// <summary>Takes <paramref name="fd"/> out. Closing the last copy of a descriptor does so too; an inherited one may have copies elsewhere.</summary>
    public IoResult Remove(int fd)
    {
        byte* ignored = stackalloc byte[16];
        return LibC.Result(LibC.epoll_ctl(_fd, ControlDelete, fd, ignored));
    }

    /// <summary>Waits for events.</summary>
    /// <param name="timeoutMilliseconds">0 looks only, -1 waits for ever.</param>
    /// <returns>How many to read by index. A signal (the runtime sends them) counts as none.</returns>
    public IoResult Wait(int timeoutMilliseconds)
    {
        IoResult result = LibC.Result(LibC.epoll_wait(_fd, _events, _capacity, timeoutMilliseconds));
        return result.Errno == Errno.EINTR ? new IoResult(0) : result;
    }

    /// <summary>Event <paramref name="index"/> of the last wait.</summary>
    public void Read(int index, out EpollEvents events, out ulong data)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)_capacity, nameof(index));
        byte* entry = _events + (index * Stride);
        events = (EpollEvents)(*(uint*)entry);
        data = *(ulong*)(entry + DataOffset);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _handle.Dispose();
        NativeMemory.Free(_events);
        _events = null;
    }
}
