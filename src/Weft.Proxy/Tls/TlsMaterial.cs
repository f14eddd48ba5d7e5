using System;
using System.Security.Cryptography;
using System.Threading;
using Weft.Native.OpenSsl;
using Weft.Proxy.Discovery;

namespace Weft.Proxy.Tls;

/// <summary>
/// The TLS contexts of this workload's identity: one for each role, made off-loop when discovery brings a certificate or another trust bundle.
/// New handshakes take the new ones at once; connections that live keep what they have (OpenSSL counts the references).
/// </summary>
internal sealed class TlsMaterial(Action<WorkloadIdentity> onChanged, Action<string> onFailed) : IIdentitySink, IDisposable
{
    private Set? _current;

    /// <summary>For connections to endpoints; null before the first certificate.</summary>
    public TlsContext? Client => Volatile.Read(ref _current)?.Client;

    /// <summary>For connections from peers of the mesh: a certificate is required.</summary>
    public TlsContext? MutualServer => Volatile.Read(ref _current)?.MutualServer;

    /// <summary>For connections from clients that need not show a certificate (a gateway).</summary>
    public TlsContext? SimpleServer => Volatile.Read(ref _current)?.SimpleServer;

    /// <summary>What is in use, without its key; null before the first.</summary>
    public WorkloadIdentity? Identity => Volatile.Read(ref _current)?.Identity;

    /// <inheritdoc/>
    public void OnIdentity(WorkloadIdentity identity)
    {
        try
        {
            var next = new Set(identity with { KeyPem = default }, Make(identity, TlsRole.Client, true), Make(identity, TlsRole.Server, true), Make(identity, TlsRole.Server, false));
            // The old set is not disposed here: a loop may be between reading it and starting a handshake. Its finalizer frees it.
            Volatile.Write(ref _current, next);
            onChanged(next.Identity);
        }
        catch (TlsConfigurationException error)
        {
            onFailed(error.Message);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(identity.KeyPem.Span);
        }
    }

    public void Dispose()
    {
        var set = Interlocked.Exchange(ref _current, null);
        set?.Client.Dispose();
        set?.MutualServer.Dispose();
        set?.SimpleServer.Dispose();
    }

    private static TlsContext Make(WorkloadIdentity identity, TlsRole role, bool isMutual) => TlsContext.Create(new TlsContextOptions
    {
        Role = role,
        CertificateChainPem = identity.ChainPem,
        PrivateKeyPem = identity.KeyPem,
        TrustBundlePem = identity.BundlePem,
        RequireClientCertificate = isMutual,
    });

    private sealed record Set(WorkloadIdentity Identity, TlsContext Client, TlsContext MutualServer, TlsContext SimpleServer);
}
