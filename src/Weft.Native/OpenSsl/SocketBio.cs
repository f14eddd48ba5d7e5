using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Weft.Native.OpenSsl;

/// <summary>
/// The BIO between an SSL and its connection: OpenSSL calls these when it wants ciphertext moved. Its data is a handle to the <see cref="TlsSession"/>,
/// which lives longer than the BIO (it frees the SSL, and with it the BIO, before it frees the handle). Nothing here may throw: a managed exception
/// must not cross OpenSSL's frames.
/// </summary>
internal static unsafe class SocketBio
{
    private const int TypeSourceSink = 0x0400;
    private const int FlagRead = 0x01;
    private const int FlagWrite = 0x02;
    private const int FlagShouldRetry = 0x08;
    private const int FlagsRetry = 0x07 | FlagShouldRetry;
    private const int ControlEof = 2;
    private const int ControlFlush = 11;

    private static readonly nint Method = MakeMethod();

    /// <summary>Makes the BIO of a session.</summary>
    public static nint Create(GCHandle session)
    {
        nint bio = LibCrypto.BIO_new(Method);
        if (bio != 0)
        {
            LibCrypto.BIO_set_data(bio, GCHandle.ToIntPtr(session));
            LibCrypto.BIO_set_init(bio, 1);
        }

        return bio;
    }

    /// <summary>The session behind an SSL.</summary>
    public static TlsSession SessionOf(nint ssl) => SessionOfBio(LibSsl.SSL_get_rbio(ssl));

    private static TlsSession SessionOfBio(nint bio) => (TlsSession)GCHandle.FromIntPtr(LibCrypto.BIO_get_data(bio)).Target!;

    private static nint MakeMethod()
    {
        fixed (byte* name = "weft link\0"u8)
        {
            nint method = LibCrypto.BIO_meth_new(LibCrypto.BIO_get_new_index() | TypeSourceSink, name);
            _ = LibCrypto.BIO_meth_set_read(method, &Read);
            _ = LibCrypto.BIO_meth_set_write(method, &Write);
            _ = LibCrypto.BIO_meth_set_ctrl(method, &Control);
            return method;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Read(nint bio, byte* buffer, int length)
    {
        try
        {
            int count = SessionOfBio(bio).ReceiveCiphertext(new Span<byte>(buffer, length));
            return Report(bio, count, FlagRead);
        }
        catch (Exception exception)
        {
            SessionOfBio(bio).CallbackThrew(exception);
            return -1;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(nint bio, byte* buffer, int length)
    {
        try
        {
            int count = SessionOfBio(bio).SendCiphertext(new ReadOnlySpan<byte>(buffer, length));
            return Report(bio, count, FlagWrite);
        }
        catch (Exception exception)
        {
            SessionOfBio(bio).CallbackThrew(exception);
            return -1;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Control(nint bio, int command, nint number, void* pointer) => command switch
    {
        ControlFlush => 1,
        // Tells OpenSSL to say "unexpected eof" rather than a bare system error.
        ControlEof => SessionOfBio(bio).SocketEnded ? 1 : 0,
        _ => 0,
    };

    private static int Report(nint bio, int count, int direction)
    {
        LibCrypto.BIO_clear_flags(bio, FlagsRetry);
        if (count == TlsSession.Later)
        {
            LibCrypto.BIO_set_flags(bio, direction | FlagShouldRetry);
            return -1;
        }

        return count;
    }
}
