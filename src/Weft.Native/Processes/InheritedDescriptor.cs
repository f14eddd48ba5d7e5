using System;
using System.Globalization;
using System.IO;
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

    /// <summary>
    /// Makes every descriptor above stderr close-on-exec. What a shell or a test runner forgot to close must not travel on into
    /// workloads; what should travel is passed by number. Call before threads that open descriptors of their own exist, or where
    /// sealing theirs too does no harm (ours are sealed already).
    /// </summary>
    public static void SealAll()
    {
        foreach (string entry in Directory.GetFiles("/proc/self/fd"))
        {
            if (int.TryParse(Path.GetFileName(entry), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 2)
            {
                _ = ProcessCalls.Fcntl(number, ProcessCalls.FcntlSetFd, ProcessCalls.CloseOnExec);
            }
        }
    }
}
