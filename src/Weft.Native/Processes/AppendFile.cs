using System.IO;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Weft.Native.Processes;

/// <summary>
/// A log that processes write by inherited descriptor. O_APPEND (which FileMode.Append is not): several writers never overwrite
/// each other, and cutting the file short makes the next line its first.
/// </summary>
public static partial class AppendFile
{
    public static SafeFileHandle Open(string path)
    {
        const int writeAppendCreateCloexec = 1 | 0x400 | 0x40 | 0x80000;
        const int ownerWritesOthersRead = 0x1A4;
        int fd = OpenFile(path, writeAppendCreateCloexec, ownerWritesOthersRead);
        return fd >= 0 ? new SafeFileHandle(fd, ownsHandle: true) : throw ProcessCalls.Failure("open " + path, Marshal.GetLastPInvokeError());
    }

    /// <summary>When the file is larger than <paramref name="limitBytes"/>, keeps its content as <c>path.1</c> and starts it anew.</summary>
    public static bool Rotate(string path, long limitBytes)
    {
        FileInfo file = new(path);
        if (!file.Exists || file.Length <= limitBytes)
        {
            return false;
        }

        // Copied and cut, not renamed: the writers keep their descriptor.
        File.Copy(path, path + ".1", overwrite: true);
        using SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.SetLength(handle, 0);
        return true;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags, int mode);
}
