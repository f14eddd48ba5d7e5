using System;
using System.IO;
using Microsoft.Win32.SafeHandles;

namespace Weft.Store;

/// <summary>Opens state files the careful way (T86): no links, nobody else's permissions, created 0600.</summary>
internal static class JournalFile
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Throws when the folder or a file that is there cannot be trusted.</summary>
    internal static void CheckPlace(string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder))
        {
            throw new IOException($"The folder {folder} does not exist; make it (mode 0700) or name another state directory.");
        }

        UnixFileMode mode = File.GetUnixFileMode(folder);
        if ((mode & OthersWrite) != 0 && (mode & UnixFileMode.StickyBit) == 0)
        {
            throw new IOException($"Others may write to {folder}, so its files cannot be trusted; chmod go-w {folder}.");
        }

        if (new FileInfo(path).LinkTarget is { } target)
        {
            throw new IOException($"{path} is a symbolic link (to {target}); state files must be files of their own. Remove the link.");
        }
    }

    /// <summary>Opens or creates for this process alone, and checks what was really opened.</summary>
    internal static FileStream Open(string path)
    {
        var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        try
        {
            CheckHandle(path, file.SafeFileHandle);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static void CheckHandle(string path, SafeFileHandle handle)
    {
        UnixFileMode mode = File.GetUnixFileMode(handle);
        if ((mode & Others) != 0)
        {
            throw new IOException($"{path} may be read or written by others (mode {Convert.ToString((int)mode, 8)}); chmod 600 {path} after checking its content.");
        }

        // Between the check of the path and the open somebody could have put a link there: ask the kernel what was opened.
        string? opened = new FileInfo($"/proc/self/fd/{handle.DangerousGetHandle()}").LinkTarget;
        string wanted = Path.Combine(RealFolder(path), Path.GetFileName(path));
        if (opened is not null && !string.Equals(opened, wanted, StringComparison.Ordinal) && new FileInfo(path).LinkTarget is not null)
        {
            throw new IOException($"{path} led to {opened}; state files must be files of their own.");
        }
    }

    private static string RealFolder(string path)
    {
        var folder = new DirectoryInfo(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return (folder.ResolveLinkTarget(returnFinalTarget: true) ?? folder).FullName;
    }
}
