using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Weft.Native.OpenSsl;

/// <summary>
/// One identity, trust bundle and role (an SSL_CTX). Made off-loop from PEM bytes (0.3 ms), shared by all loops, replaced when a certificate rotates:
/// <see cref="Dispose"/> the old one at any time, connections that use it keep what they need until they end.
/// <para>TLS 1.2 at least, AEAD suites only, no renegotiation, compression, tickets, resumption or early data.</para>
/// </summary>
public sealed unsafe class TlsContext : IDisposable
{
    private const int ControlMode = 33;
    private const int ControlReadAhead = 41;
    private const int ControlSessionCacheMode = 44;
    private const int ControlMaxCertificateList = 51;
    private const int ControlChainCertificate = 89;
    private const int ControlGroupsList = 92;
    private const int ControlMinVersion = 123;

    // ENABLE_PARTIAL_WRITE | ACCEPT_MOVING_WRITE_BUFFER | NO_AUTO_CHAIN | RELEASE_BUFFERS: an idle session holds no record buffers.
    private const int Mode = 0x01 | 0x02 | 0x08 | 0x10;

    // NO_TICKET | NO_COMPRESSION | CIPHER_SERVER_PREFERENCE | NO_RENEGOTIATION
    private const ulong Options = (1UL << 14) | (1UL << 17) | (1UL << 22) | (1UL << 30);
    private const int VerifyPeer = 0x01;
    private const int VerifyFailWithoutCertificate = 0x02;
    private const int MaxChainBytes = 16 * 1024;
    private const int AlertOk = 0;
    private const int AlertNoAck = 3;

    private readonly Handle _handle;

    private TlsContext(TlsContextOptions options, Handle handle)
    {
        Role = options.Role;
        Alpn = new AlpnList(options.AlpnPreferences);
        _handle = handle;
    }

    /// <summary>Side of the handshake.</summary>
    public TlsRole Role { get; }

    internal AlpnList Alpn { get; }

    /// <summary>Parses keys and certificates and checks that they belong together. Not on a loop.</summary>
    /// <exception cref="TlsConfigurationException">Something is unusable; the message says what.</exception>
    public static TlsContext Create(TlsContextOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Handle handle = NewHandle();
        try
        {
            nint context = handle.Value;
            SetRules(context);
            LoadIdentity(context, options);
            LoadTrust(context, options);
            LibSsl.SSL_CTX_set_verify(context, VerifyMode(options), 0);
            LibSsl.SSL_CTX_set_cert_verify_callback(context, &PeerVerifier.Verify, 0);
            if (options.Role == TlsRole.Server)
            {
                LibSsl.SSL_CTX_set_alpn_select_cb(context, &SelectAlpn, 0);
            }

            return new TlsContext(options, handle);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
        finally
        {
            LibCrypto.ERR_clear_error();
        }
    }

    /// <summary>Gives up our reference; sessions hold their own.</summary>
    public void Dispose() => _handle.Dispose();

    /// <summary>A new SSL, or 0 when memory is short or this context was disposed of.</summary>
    internal nint NewSsl()
    {
        bool held = false;
        try
        {
            // Another thread may replace and dispose of the context just now.
            _handle.DangerousAddRef(ref held);
            return LibSsl.SSL_new(_handle.Value);
        }
        catch (ObjectDisposedException)
        {
            return 0;
        }
        finally
        {
            if (held)
            {
                _handle.DangerousRelease();
            }
        }
    }

    private static Handle NewHandle()
    {
        try
        {
            nint context = LibSsl.SSL_CTX_new(LibSsl.TLS_method());
            return context != 0 ? new Handle(context) : throw new TlsConfigurationException(WithDetail("OpenSSL makes no context"));
        }
        catch (DllNotFoundException exception)
        {
            throw new TlsConfigurationException("libssl.so.3 is not installed: on Debian and Ubuntu, apt-get install libssl3", exception);
        }
    }

    private static void SetRules(nint context)
    {
        LibSsl.SSL_CTX_ctrl(context, ControlMinVersion, (nint)TlsVersion.Tls12, null);
        LibSsl.SSL_CTX_set_options(context, Options);
        LibSsl.SSL_CTX_ctrl(context, ControlMode, Mode, null);
        LibSsl.SSL_CTX_ctrl(context, ControlSessionCacheMode, 0, null);
        _ = LibSsl.SSL_CTX_set_num_tickets(context, 0);
        LibSsl.SSL_CTX_ctrl(context, ControlMaxCertificateList, MaxChainBytes, null);
        // One receive takes header and record together.
        LibSsl.SSL_CTX_ctrl(context, ControlReadAhead, 1, null);
        fixed (byte* suites12 = "ECDHE+AESGCM:ECDHE+CHACHA20\0"u8)
        fixed (byte* suites13 = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256\0"u8)
        fixed (byte* groups = "X25519:P-256:P-384\0"u8)
        {
            Require(LibSsl.SSL_CTX_set_cipher_list(context, suites12) == 1, "no AEAD suite of TLS 1.2 is available");
            Require(LibSsl.SSL_CTX_set_ciphersuites(context, suites13) == 1, "no suite of TLS 1.3 is available");
            Require(LibSsl.SSL_CTX_ctrl(context, ControlGroupsList, 0, groups) == 1, "the key exchange groups are not available");
        }
    }

    private static int VerifyMode(TlsContextOptions options)
    {
        if (options.Role == TlsRole.Client)
        {
            return VerifyPeer;
        }

        return options.RequireClientCertificate ? VerifyPeer | VerifyFailWithoutCertificate : 0;
    }

    private static void LoadIdentity(nint context, TlsContextOptions options)
    {
        if (options.CertificateChainPem.IsEmpty && options.PrivateKeyPem.IsEmpty && options.Role == TlsRole.Client)
        {
            return;
        }

        List<nint> chain = ReadCertificates(options.CertificateChainPem.Span, "certificate chain");
        try
        {
            Require(LibSsl.SSL_CTX_use_certificate(context, chain[0]) == 1, "the certificate is not usable");
            foreach (nint issuer in chain[1..])
            {
                const int AddReference = 1;
                Require(LibSsl.SSL_CTX_ctrl(context, ControlChainCertificate, AddReference, (void*)issuer) == 1, "a certificate of the chain is not usable");
            }
        }
        finally
        {
            chain.ForEach(LibCrypto.X509_free);
        }

        nint key = ReadKey(options.PrivateKeyPem.Span);
        try
        {
            Require(LibSsl.SSL_CTX_use_PrivateKey(context, key) == 1, "the private key is not usable with the certificate");
            Require(LibSsl.SSL_CTX_check_private_key(context) == 1, "the private key does not belong to the certificate");
        }
        finally
        {
            LibCrypto.EVP_PKEY_free(key);
        }
    }

    private static void LoadTrust(nint context, TlsContextOptions options)
    {
        if (options.TrustBundlePem.IsEmpty && options is { Role: TlsRole.Server, RequireClientCertificate: false })
        {
            return;
        }

        List<nint> roots = ReadCertificates(options.TrustBundlePem.Span, "trust bundle");
        try
        {
            nint store = LibSsl.SSL_CTX_get_cert_store(context);
            foreach (nint root in roots)
            {
                Require(LibCrypto.X509_STORE_add_cert(store, root) == 1, "a certificate of the trust bundle is not usable");
            }
        }
        finally
        {
            roots.ForEach(LibCrypto.X509_free);
        }
    }

    private static List<nint> ReadCertificates(ReadOnlySpan<byte> pem, string what)
    {
        const int PemNoStartLine = 108;
        List<nint> certificates = [];
        fixed (byte* start = pem)
        {
            nint bio = LibCrypto.BIO_new_mem_buf(start, pem.Length);
            while (bio != 0 && LibCrypto.PEM_read_bio_X509(bio, null, 0, null) is nint certificate and not 0)
            {
                certificates.Add(certificate);
            }

            _ = LibCrypto.BIO_free(bio);
        }

        // "No start line" is how PEM ends; anything else is a damaged certificate that must not pass for the end.
        bool damaged = TlsErrors.Reason(LibCrypto.ERR_peek_last_error()) != PemNoStartLine;
        if (certificates.Count > 0 && !damaged)
        {
            LibCrypto.ERR_clear_error();
            return certificates;
        }

        certificates.ForEach(LibCrypto.X509_free);
        throw new TlsConfigurationException(damaged ? WithDetail("the " + what + " is damaged") : "the " + what + " holds no certificate");
    }

    private static nint ReadKey(ReadOnlySpan<byte> pem)
    {
        fixed (byte* start = pem)
        fixed (byte* noPassword = "\0"u8)
        {
            nint bio = LibCrypto.BIO_new_mem_buf(start, pem.Length);
            // An empty password, or OpenSSL would ask for one on the terminal.
            nint key = bio == 0 ? 0 : LibCrypto.PEM_read_bio_PrivateKey(bio, null, 0, noPassword);
            _ = LibCrypto.BIO_free(bio);
            // OpenSSL's words are left out on purpose: they may quote what it was reading.
            return key != 0 ? key : throw new TlsConfigurationException("the private key is missing, damaged or encrypted");
        }
    }

    private static void Require(bool holds, string problem)
    {
        if (!holds)
        {
            throw new TlsConfigurationException(WithDetail(problem));
        }
    }

    private static string WithDetail(string problem)
    {
        ulong error = LibCrypto.ERR_peek_last_error();
        return error == 0 ? problem : problem + " (" + OpenSslText.LibraryError(error) + ")";
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int SelectAlpn(nint ssl, byte** selected, byte* selectedLength, byte* offered, uint offeredLength, nint argument)
    {
        try
        {
            AlpnList ours = SocketBio.SessionOf(ssl).AlpnPreferences;
            if (!ours.TrySelect(new ReadOnlySpan<byte>(offered, (int)offeredLength), out Range chosen))
            {
                return AlertNoAck;
            }

            // Points into the client's list, which OpenSSL copies from.
            *selected = offered + chosen.Start.Value;
            *selectedLength = (byte)(chosen.End.Value - chosen.Start.Value);
            return AlertOk;
        }
        catch (Exception)
        {
            return AlertNoAck;
        }
    }

    private sealed class Handle : SafeHandle
    {
        public Handle(nint context)
            : base(0, ownsHandle: true) => SetHandle(context);

        public override bool IsInvalid => handle == 0;

        public nint Value => handle;

        protected override bool ReleaseHandle()
        {
            LibSsl.SSL_CTX_free(handle);
            return true;
        }
    }
}
