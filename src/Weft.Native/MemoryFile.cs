using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Weft.Native;

/// <summary>
/// A file without a name (memfd): whoever holds the descriptor reads it as /proc/self/fd/N, nobody else can open it. How a
/// token reaches a proxy without ever being on a file system.
/// </summary>
public sealed partial class MemoryFile : IDisposable
{
    private MemoryFile(SafeFileHandle handle) => Handle = handle;

    public SafeFileHandle Handle { get; }

    public static MemoryFile Create(string name, string content)
    {
        const uint closeOnExec = 1;
        int fd = MemfdCreate(name, closeOnExec);
        if (fd < 0)
        {
            throw new IOException("memfd_create: " + Marshal.GetLastPInvokeErrorMessage());
        }

        MemoryFile file = new(new SafeFileHandle(fd, ownsHandle: true));
        file.Write(content);
        return file;
    }

    /// <summary>Replaces the content. A reader that opened it before may see a mix, so readers must check what they read (a token is signed).</summary>
    public void Write(string content)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(content);
        RandomAccess.Write(Handle, bytes, 0);
        RandomAccess.SetLength(Handle, bytes.Length);
    }

    public void Dispose() => Handle.Dispose();

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MemfdCreate(string name, uint flags);
}
