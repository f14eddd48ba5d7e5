using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace Weft.Probes.Tls;

/// <summary>The few calls that the two other ways (memory BIOs, SSL_set_fd) need.</summary>
internal static unsafe partial class OpenSsl
{
    private const string Ssl = "libssl.so.3";
    private const string Crypto = "libcrypto.so.3";

    [LibraryImport(Ssl)]
    public static partial nint TLS_method();

    [LibraryImport(Ssl)]
    public static partial nint SSL_CTX_new(nint method);

    [LibraryImport(Ssl)]
    public static partial nint SSL_CTX_ctrl(nint context, int command, nint number, void* pointer);

    [LibraryImport(Ssl)]
    public static partial int SSL_CTX_set_num_tickets(nint context, nuint count);

    [LibraryImport(Ssl)]
    public static partial int SSL_CTX_set_ciphersuites(nint context, byte* list);

    [LibraryImport(Ssl)]
    public static partial int SSL_CTX_use_certificate_chain_file(nint context, byte* path);

    [LibraryImport(Ssl)]
    public static partial int SSL_CTX_use_PrivateKey_file(nint context, byte* path, int type);

    [LibraryImport(Ssl)]
    public static partial nint SSL_new(nint context);

    [LibraryImport(Ssl)]
    public static partial int SSL_set_fd(nint ssl, int descriptor);

    [LibraryImport(Ssl)]
    public static partial void SSL_set_bio(nint ssl, nint read, nint write);

    [LibraryImport(Ssl)]
    public static partial void SSL_set_accept_state(nint ssl);

    [LibraryImport(Ssl)]
    public static partial void SSL_set_connect_state(nint ssl);

    [LibraryImport(Ssl)]
    public static partial int SSL_do_handshake(nint ssl);

    [LibraryImport(Ssl)]
    public static partial int SSL_read(nint ssl, byte* buffer, int length);

    [LibraryImport(Ssl)]
    public static partial int SSL_write(nint ssl, byte* buffer, int length);

    [LibraryImport(Ssl)]
    public static partial int SSL_get_error(nint ssl, int result);

    [LibraryImport(Ssl)]
    public static partial int SSL_has_pending(nint ssl);

    [LibraryImport(Crypto)]
    public static partial nint BIO_s_mem();

    [LibraryImport(Crypto)]
    public static partial nint BIO_new(nint method);

    [LibraryImport(Crypto)]
    public static partial int BIO_write(nint bio, byte* bytes, int length);

    [LibraryImport(Crypto)]
    public static partial int BIO_read(nint bio, byte* bytes, int length);

    [LibraryImport(Crypto)]
    public static partial nint BIO_ctrl(nint bio, int command, nint number, void* pointer);

    [LibraryImport(Crypto)]
    public static partial void ERR_clear_error();

    [LibraryImport("libc")]
    public static partial int clock_gettime(int clock, long* time);

    [LibraryImport("libc")]
    public static partial int malloc_trim(nuint pad);

    /// <summary>CPU time of the calling thread, in microseconds.</summary>
    public static double ThreadCpuMicroseconds()
    {
        const int ThreadCpuTime = 3;
        long* time = stackalloc long[2];
        clock_gettime(ThreadCpuTime, time);
        return (time[0] * 1e6) + (time[1] / 1e3);
    }
}
