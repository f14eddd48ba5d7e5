using System;
using System.ComponentModel;

namespace Weft.Native.Linux;

/// <summary>An eventfd: any thread signals, the loop that has it in its epoll set wakes.</summary>
public sealed unsafe class WakeUp : IDisposable
{
    private const int NonBlockCloseOnExec = 0x800 | 0x80000;
    private readonly DescriptorHandle _handle;

    /// <exception cref="Win32Exception">The kernel refuses (descriptor limit).</exception>
    public WakeUp()
    {
        IoResult fd = LibC.Result(LibC.eventfd(0, NonBlockCloseOnExec));
        if (!fd.IsOk)
        {
            throw new Win32Exception((int)fd.Errno, "eventfd failed: raise the limit of open files (ulimit -n)");
        }

        _handle = new DescriptorHandle(fd.Value);
    }

    /// <summary>The descriptor, for the epoll set.</summary>
    public int Number => _handle.Number;

    /// <summary>Wakes the loop. Any thread, also while the loop is being disposed of.</summary>
    public void Signal()
    {
        bool held = false;
        try
        {
            _handle.DangerousAddRef(ref held);
            ulong one = 1;
            _ = LibC.write(_handle.Number, &one, sizeof(ulong));
        }
        catch (ObjectDisposedException)
        {
            // The loop has ended: nobody is left to wake.
        }
        finally
        {
            if (held)
            {
                _handle.DangerousRelease();
            }
        }
    }

    /// <summary>Takes the signals back. Loop only. With an edge-triggered registration this is not even needed, but keeps the count from running over.</summary>
    public void Reset()
    {
        ulong count;
        _ = LibC.read(_handle.Number, &count, sizeof(ulong));
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();
}
