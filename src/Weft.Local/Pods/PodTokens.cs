using System;
using Weft.Identity;
using Weft.Native;

namespace Weft.Local.Pods;

/// <summary>The tokens of one pod: short-lived, bound to it, one for the mesh's CA (proxy only) and one as Kubernetes mounts it.</summary>
public sealed class PodTokens : IDisposable
{
    /// <summary>Below the workload's own /run.</summary>
    public const string WorkloadTokenFile = "secrets/kubernetes.io/serviceaccount/token";

    private readonly PodIdentity _identity;
    private readonly ServiceAccountTokenIssuer _issuer;
    private readonly TimeProvider _clock;

    public PodTokens(PodIdentity identity, ServiceAccountTokenIssuer issuer, TimeProvider clock)
    {
        _identity = identity;
        _issuer = issuer;
        _clock = clock;
        ForProxy = MemoryFile.Create("istio-token", Sign(ServiceAccountTokenIssuer.CaAudience));
    }

    /// <summary>Renewed at half life, so that a proxy never finds an old one.</summary>
    public static TimeSpan RenewAfter { get; } = ServiceAccountTokenIssuer.Lifetime / 2;

    /// <summary>Audience istio-ca. A file without a name: only the proxy has its descriptor.</summary>
    public MemoryFile ForProxy { get; }

    /// <summary>Audience of the API server: good for nothing at the CA.</summary>
    public string ForWorkload() => Sign(_issuer.Issuer);

    public void Renew() => ForProxy.Write(Sign(ServiceAccountTokenIssuer.CaAudience));

    public void Dispose() => ForProxy.Dispose();

    private string Sign(string audience) => _issuer.Sign(
        new ServiceAccountToken
        {
            Issuer = _issuer.Issuer,
            Audiences = [audience],
            Namespace = _identity.Namespace,
            ServiceAccount = _identity.ServiceAccount,
            PodName = _identity.Name,
            PodUid = _identity.Uid,
        },
        _clock.GetUtcNow());
}
