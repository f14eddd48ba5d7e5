using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Weft.Native.OpenSsl;

/// <summary>
/// Decides whether the peer's certificate is good and names it: the chain first (OpenSSL, with the role's key purpose), then SPIFFE's rules for a leaf
/// (X509-SVID sections 2 to 4), then whether this very peer is expected. Runs inside the handshake; reads plain data, never blocks, never throws.
/// </summary>
internal static unsafe class PeerVerifier
{
    private const int MaxCertificates = 10;
    private const int MaxChainBytes = 16 * 1024;
    private const int SubjectAltName = 85;
    private const int GeneralNameUri = 6;
    private const uint FlagKeyUsage = 0x2;
    private const uint FlagAuthority = 0x10;
    private const uint UsageSignsCertificates = 0x04 | 0x02;

    // X509_V_ERR_*
    private const int ErrorSignature = 7;
    private const int ErrorNotYetValid = 9;
    private const int ErrorExpired = 10;
    private const int ErrorChainTooLong = 22;
    private const int ErrorRejected = 28;

    private static readonly int SslIndex = LibSsl.SSL_get_ex_data_X509_STORE_CTX_idx();

    /// <summary>For SSL_CTX_set_cert_verify_callback: takes the place of the library's whole verification.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static int Verify(nint store, nint argument)
    {
        TlsSession? session = null;
        try
        {
            session = SocketBio.SessionOf(LibCrypto.X509_STORE_CTX_get_ex_data(store, SslIndex));
            TlsFailure failure = Decide(store, session);
            if (failure.IsNone)
            {
                return 1;
            }

            session.RefusePeer(failure);
            // Also decides the alert that the peer sees.
            LibCrypto.X509_STORE_CTX_set_error(store, failure.VerifyError != 0 ? failure.VerifyError : ErrorRejected);
            return 0;
        }
        catch (Exception exception)
        {
            session?.CallbackThrew(exception);
            return 0;
        }
    }

    private static TlsFailure Decide(nint store, TlsSession session)
    {
        if (!HasTolerableLength(LibCrypto.X509_STORE_CTX_get0_untrusted(store)))
        {
            return new TlsFailure(TlsFailureKind.PeerChainTooLong, ErrorChainTooLong);
        }

        if (LibCrypto.X509_verify_cert(store) != 1)
        {
            int error = LibCrypto.X509_STORE_CTX_get_error(store);
            return new TlsFailure(KindOf(error), error);
        }

        nint leaf = LibCrypto.X509_STORE_CTX_get0_cert(store);
        uint flags = LibCrypto.X509_get_extension_flags(leaf);
        bool signsCertificates = (flags & FlagKeyUsage) != 0 && (LibCrypto.X509_get_key_usage(leaf) & UsageSignsCertificates) != 0;
        if ((flags & FlagAuthority) != 0 || signsCertificates)
        {
            return new TlsFailure(TlsFailureKind.PeerLeafIsAuthority);
        }

        return CheckIdentity(leaf, session);
    }

    private static TlsFailure CheckIdentity(nint leaf, TlsSession session)
    {
        // Null also when the extension occurs twice.
        nint names = LibCrypto.X509_get_ext_d2i(leaf, SubjectAltName, null, null);
        if (names == 0)
        {
            return new TlsFailure(TlsFailureKind.PeerIdentityMalformed);
        }

        try
        {
            ReadOnlySpan<byte> id = OnlyUri(names);
            if (!SpiffeIdSyntax.IsWorkloadId(id))
            {
                return new TlsFailure(TlsFailureKind.PeerIdentityMalformed);
            }

            session.NamePeer(id);
            return new TlsFailure(session.Expected.Check(id));
        }
        finally
        {
            LibCrypto.GENERAL_NAMES_free(names);
        }
    }

    /// <summary>The one URI among the names (bytes of OpenSSL's, valid until the names are freed), or empty when there is none or more than one.</summary>
    private static ReadOnlySpan<byte> OnlyUri(nint names)
    {
        ReadOnlySpan<byte> uri = default;
        int count = LibCrypto.OPENSSL_sk_num(names);
        for (int index = 0; index < count; index++)
        {
            int type;
            nint text = LibCrypto.GENERAL_NAME_get0_value(LibCrypto.OPENSSL_sk_value(names, index), &type);
            if (type != GeneralNameUri)
            {
                continue;
            }

            if (!uri.IsEmpty)
            {
                return default;
            }

            // By length, not to the first NUL: an embedded NUL must be seen and refused.
            uri = new ReadOnlySpan<byte>(LibCrypto.ASN1_STRING_get0_data(text), LibCrypto.ASN1_STRING_length(text));
        }

        return uri;
    }

    private static bool HasTolerableLength(nint chain)
    {
        int count = LibCrypto.OPENSSL_sk_num(chain);
        if (count > MaxCertificates)
        {
            return false;
        }

        int bytes = 0;
        for (int index = 0; index < count; index++)
        {
            bytes += LibCrypto.i2d_X509(LibCrypto.OPENSSL_sk_value(chain, index), null);
        }

        return bytes <= MaxChainBytes;
    }

    private static TlsFailureKind KindOf(int verifyError) => verifyError switch
    {
        ErrorExpired => TlsFailureKind.PeerCertificateExpired,
        ErrorNotYetValid => TlsFailureKind.PeerCertificateNotYetValid,
        ErrorChainTooLong => TlsFailureKind.PeerChainTooLong,
        // Issuer unknown (2, 20, 21), self-signed (18, 19), or signed by another root of the same name (7).
        2 or ErrorSignature or 18 or 19 or 20 or 21 => TlsFailureKind.PeerUntrusted,
        _ => TlsFailureKind.PeerCertificateInvalid,
    };
}
