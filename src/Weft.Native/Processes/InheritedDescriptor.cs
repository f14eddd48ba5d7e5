using System;
using Microsoft.Win32.SafeHandles;

namespace Weft.Native.Processes;

/// <summary>A descriptor that our parent left open for us, by its number.</summary>
public static class InheritedDescriptor
{
    /// <summary>Takes ownership and makes it close-on-exec, so that it goes no further than we pass it.</summary>
    /// <exception cref="ArgumentException">No such descriptor is open.</exception>
    public static SafeFileHandle Take(int number)
    {
        if (ProcessCalls.Fcntl(number, ProcessCalls.FcntlGetFd, 0) < 0)
        {
            throw new ArgumentException($"descriptor {number} was not inherited", nameof(number));
        }

        _ = ProcessCalls.Fcntl(number, ProcessCalls.FcntlSetFd, ProcessCalls.CloseOnExec);
        return new SafeFileHandle(number, ownsHandle: true);
    }
}
