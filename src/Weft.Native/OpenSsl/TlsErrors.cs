namespace Weft.Native.OpenSsl;

/// <summary>Reads OpenSSL's packed error codes (openssl/err.h, openssl/sslerr.h).</summary>
internal static class TlsErrors
{
    private const int LibrarySsl = 20;
    private const int AlertOffset = 1000;

    /// <summary>The library's own reason number.</summary>
    public static int Reason(ulong code) => (int)(code & 0x7FFFFF);

    /// <summary>True for "unexpected eof while reading": the socket ended inside the session.</summary>
    public static bool IsUnexpectedEof(ulong code) => Library(code) == LibrarySsl && Reason(code) == 294;

    /// <summary>Our word for the first entry of the error queue.</summary>
    public static TlsFailureKind KindOf(ulong code)
    {
        if (Library(code) != LibrarySsl)
        {
            // ASN.1, X.509 and EVP errors come from what the peer sent.
            return TlsFailureKind.Protocol;
        }

        int reason = Reason(code);
        if (reason is >= AlertOffset and < AlertOffset + 256)
        {
            return TlsFailureKind.PeerAlert;
        }

        return reason switch
        {
            199 => TlsFailureKind.PeerCertificateMissing,
            152 => TlsFailureKind.PeerChainTooLong,
            // No shared cipher, protocols available, key share, signature algorithm, groups; unsupported protocol; version too low or high.
            193 or 191 or 101 or 118 or 295 or 258 or 396 or 166 => TlsFailureKind.NothingInCommon,
            _ => TlsFailureKind.Protocol,
        };
    }

    private static int Library(ulong code) => (int)((code >> 23) & 0xFF);
}
