using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Weft.Native.Linux;

/// <summary>
/// libc as it is. No SetLastError: <see cref="Result(nint)"/> reads errno right behind a failed call, and the runtime keeps errno over the transition
/// that follows a call (CoreCLR: RareDisablePreemptiveGC; Native AOT: Thread::WaitForGC).
/// Executables bind these names at link time with <c>DirectPInvoke Include="libc"</c>.
/// </summary>
internal static unsafe partial class LibC
{
    private const string Name = "libc";

    // The first call of a P/Invoke resolves it, and that may change errno: so resolve the reader of errno before anyone needs it.
    static LibC() => _ = Marshal.GetLastSystemError();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IoResult Result(nint returned) => returned >= 0 ? new IoResult((int)returned) : new IoResult(-Marshal.GetLastSystemError());

    [LibraryImport(Name)]
    public static partial int epoll_create1(int flags);

    [LibraryImport(Name)]
    public static partial int epoll_ctl(int epfd, int op, int fd, void* ev);

    [LibraryImport(Name)]
    public static partial int epoll_wait(int epfd, void* events, int max, int timeout);

    [LibraryImport(Name)]
    public static partial int eventfd(uint initial, int flags);

    [LibraryImport(Name)]
    public static partial nint read(int fd, void* buffer, nuint count);

    [LibraryImport(Name)]
    public static partial nint write(int fd, void* buffer, nuint count);

    [LibraryImport(Name)]
    public static partial int close(int fd);

    [LibraryImport(Name)]
    public static partial int socket(int domain, int type, int protocol);

    [LibraryImport(Name)]
    public static partial int bind(int fd, void* address, uint length);

    [LibraryImport(Name)]
    public static partial int listen(int fd, int backlog);

    [LibraryImport(Name)]
    public static partial int accept4(int fd, void* address, uint* length, int flags);

    [LibraryImport(Name)]
    public static partial int connect(int fd, void* address, uint length);

    [LibraryImport(Name)]
    public static partial nint recv(int fd, void* buffer, nuint length, int flags);

    [LibraryImport(Name)]
    public static partial nint send(int fd, void* buffer, nuint length, int flags);

    [LibraryImport(Name)]
    public static partial nint recvfrom(int fd, void* buffer, nuint length, int flags, void* address, uint* addressLength);

    [LibraryImport(Name)]
    public static partial nint sendto(int fd, void* buffer, nuint length, int flags, void* address, uint addressLength);

    [LibraryImport(Name)]
    public static partial int shutdown(int fd, int how);

    [LibraryImport(Name)]
    public static partial int getsockopt(int fd, int level, int option, void* value, uint* length);

    [LibraryImport(Name)]
    public static partial int setsockopt(int fd, int level, int option, void* value, uint length);

    [LibraryImport(Name)]
    public static partial int getsockname(int fd, void* address, uint* length);

    [LibraryImport(Name)]
    public static partial int getpeername(int fd, void* address, uint* length);

    [LibraryImport(Name)]
    public static partial int fcntl(int fd, int command, nint argument);
}
