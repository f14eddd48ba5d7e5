using System;
using System.Runtime.InteropServices;
using System.Text;

namespace Weft.Native.OpenSsl;

/// <summary>OpenSSL's own words for its codes. Allocates.</summary>
internal static unsafe class OpenSslText
{
    public static string? VerifyError(int code) => Marshal.PtrToStringUTF8((nint)LibCrypto.X509_verify_cert_error_string(code));

    /// <summary>Such as "error:0A000418:SSL routines::tlsv1 alert unknown ca".</summary>
    public static string LibraryError(ulong code)
    {
        Span<byte> text = stackalloc byte[256];
        fixed (byte* start = text)
        {
            LibCrypto.ERR_error_string_n(code, start, (nuint)text.Length);
        }

        int end = text.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? text : text[..end]);
    }
}
