using System.Runtime.InteropServices;

namespace Weft.Native.Processes;

/// <summary>Who this process is to the kernel.</summary>
public static partial class HostUser
{
    /// <summary>Effective user id.</summary>
    public static int Id => (int)GetUid();

    public static int GroupId => (int)GetGid();

    public static int ProcessId => ProcessCalls.GetPid();

    /// <summary>True when this user may make files in the directory.</summary>
    public static bool MayWriteIn(string directory) => Access(directory, 2 | 1) == 0;

    /// <summary>Gives a file or directory to another user (root only).</summary>
    public static void Give(string path, int user, int group) => ProcessCalls.Check(ChangeOwner(path, user, group), "chown " + path);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetUid();

    [LibraryImport("libc", EntryPoint = "getegid")]
    private static partial uint GetGid();

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, int user, int group);
}
