using System;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Weft.Native.Processes;

namespace Weft.Native.Namespaces;

/// <summary>
/// The namespaces and mounts of the calling thread. A multi-threaded process may do all of this per thread (only
/// CLONE_NEWUSER is refused); call it inside <see cref="NamespaceThread"/>.
/// </summary>
public static class ThreadNamespaces
{
    private const nuint MountReadOnly = 1;
    private const nuint MountNoSuid = 2;
    private const nuint MountNoDevices = 4;
    private const nuint MountBind = 0x1000;
    private const nuint MountRecursive = 0x4000;
    private const nuint MountRemount = 0x20;
    private const nuint MountPrivate = 0x40000;
    private const int OpenPath = 0x200000;
    private const int OpenCloseOnExec = 0x80000;

    /// <summary>Leaves the shared ones for new, empty (network) or copied (mount) namespaces.</summary>
    public static void Unshare(NamespaceKinds kinds) => ProcessCalls.Check(NamespaceCalls.Unshare((int)kinds), $"unshare({kinds})");

    public static void Enter(SafeFileHandle descriptor, NamespaceKinds kind)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        ProcessCalls.Check(NamespaceCalls.SetNs((int)descriptor.DangerousGetHandle(), (int)kind), $"setns({kind})");
        GC.KeepAlive(descriptor);
    }

    /// <summary>A descriptor that keeps one of this thread's namespaces alive; <paramref name="name"/> as in /proc/thread-self/ns.</summary>
    public static SafeFileHandle Open(string name) => OpenFile("/proc/thread-self/ns/" + name, OpenCloseOnExec);

    /// <summary>Mount changes made from here on stay in this thread's mount namespace.</summary>
    public static void MakeMountsPrivate() => Mount(null, "/", null, MountRecursive | MountPrivate, null);

    /// <summary>Everything mounted so far becomes read-only and ignores set-user-ID bits (mount_setattr, Linux 5.12). False where the kernel has no such call.</summary>
    public static unsafe bool TryMakeMountsReadOnly()
    {
        const int mountSetAttr = 442;
        const int recursive = 0x8000;
        const int notImplemented = 38;
        const int currentDirectory = -100;
        ulong* attributes = stackalloc ulong[4] { (ulong)(MountReadOnly | MountNoSuid), 0, 0, 0 };
        byte* root = stackalloc byte[2] { (byte)'/', 0 };
        if (NamespaceCalls.MountSetAttr(mountSetAttr, currentDirectory, root, recursive, attributes, 32) == 0)
        {
            return true;
        }

        int errno = Marshal.GetLastPInvokeError();
        return errno == notImplemented ? false : throw ProcessCalls.Failure("mount_setattr(/, read-only)", errno);
    }

    /// <summary>An empty file system in memory over a directory. <paramref name="options"/> as mount(8): mode=0755,size=64m.</summary>
    public static void MountMemory(string target, string options) => Mount("tmpfs", target, "tmpfs", MountNoSuid | MountNoDevices, options);

    /// <summary>Shows a file or directory at another place too. Where <paramref name="isReadOnly"/>, writes through that place fail.</summary>
    public static void MountBound(string source, string target, bool isReadOnly)
    {
        Mount(source, target, null, MountBind | MountRecursive, null);
        if (isReadOnly)
        {
            // A bind takes its flags only by a second call, and in a user namespace it may not drop those it inherited.
            Mount(null, target, null, MountBind | MountRemount | MountReadOnly | MountNoSuid | MountNoDevices, null);
        }
    }

    /// <summary>The mount at <paramref name="target"/> becomes read-only.</summary>
    public static void MakeReadOnly(string target) => Mount(null, target, null, MountBind | MountRemount | MountReadOnly | MountNoSuid | MountNoDevices, null);

    /// <summary>A handle on a place in the tree that stays valid after something is mounted over it; bind it as /proc/self/fd/N (see <see cref="PathOf"/>).</summary>
    public static SafeFileHandle OpenPlace(string path) => OpenFile(path, OpenPath | OpenCloseOnExec);

    /// <summary>The path by which this process reaches what a descriptor holds.</summary>
    public static string PathOf(SafeFileHandle descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        return "/proc/self/fd/" + descriptor.DangerousGetHandle();
    }

    /// <summary>The name that gethostname answers in this thread's UTS namespace; at most 64 bytes, longer ones are cut as the kubelet does.</summary>
    public static unsafe void SetHostName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        byte[] bytes = Encoding.ASCII.GetBytes(name.Length > 63 ? name[..63] : name);
        fixed (byte* pointer = bytes)
        {
            ProcessCalls.Check(NamespaceCalls.SetHostName(pointer, (nuint)bytes.Length), "sethostname");
        }
    }

    private static void Mount(string? source, string target, string? type, nuint flags, string? data)
    {
        if (NamespaceCalls.Mount(source, target, type, flags, data) != 0)
        {
            throw ProcessCalls.Failure($"mount({source ?? type} on {target})", Marshal.GetLastPInvokeError());
        }
    }

    private static SafeFileHandle OpenFile(string path, int flags)
    {
        int fd = NamespaceCalls.Open(path, flags, 0);
        return fd >= 0 ? new SafeFileHandle(fd, ownsHandle: true) : throw ProcessCalls.Failure("open " + path, Marshal.GetLastPInvokeError());
    }
}
