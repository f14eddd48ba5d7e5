using System.Runtime.InteropServices;

namespace Weft.Native.Linux;

/// <summary>The errors of system calls that we tell apart, by their names in errno(3). Any other number may be in a value of this type too.</summary>
public enum Errno
{
    None = 0,
    EPERM = 1,
    ENOENT = 2,
    EINTR = 4,
    EBADF = 9,
    EAGAIN = 11,
    ENOMEM = 12,
    EACCES = 13,
    EINVAL = 22,
    ENFILE = 23,
    EMFILE = 24,
    EPIPE = 32,
    ENOPROTOOPT = 92,
    EADDRINUSE = 98,
    EADDRNOTAVAIL = 99,
    ENETUNREACH = 101,
    ECONNABORTED = 103,
    ECONNRESET = 104,
    ENOBUFS = 105,
    ENOTCONN = 107,
    ETIMEDOUT = 110,
    ECONNREFUSED = 111,
    EHOSTUNREACH = 113,
    EINPROGRESS = 115,
}

/// <summary>Words for errors.</summary>
public static class ErrnoText
{
    /// <summary>The C library's sentence for <paramref name="errno"/>, such as "Connection refused". Allocates: for logs, not for the data path.</summary>
    public static string Describe(this Errno errno) => Marshal.GetPInvokeErrorMessage((int)errno);
}
