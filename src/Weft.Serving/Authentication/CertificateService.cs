using System;
using System.Threading.Tasks;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Weft.Identity;
using Weft.Serving.Discovery;
using Weft.Xds.Proto.Istio.Auth.V1;

namespace Weft.Serving.Authentication;

/// <summary>
/// Istio's certificate service: signs the key in a request for whoever the caller has proven to be, never for the names in the request (T60). Plaintext callers have proven nothing and get nothing.
/// </summary>
public sealed partial class CertificateService(
    CertificateAuthority authority, CallerAuthenticator authenticator, DiscoveryMetrics metrics, TimeProvider clock, ILogger<CertificateService> log)
    : IstioCertificateService.IstioCertificateServiceBase
{
    private readonly ILogger _log = log;

    public override async Task<IstioCertificateResponse> CreateCertificate(IstioCertificateRequest request, ServerCallContext context)
    {
        CallerIdentity caller = await authenticator.AuthenticateAsync(context).ConfigureAwait(false);
        if (caller.IsLocal)
        {
            throw new RpcException(new Status(StatusCode.Unauthenticated, "certificates are issued on the TLS port only"));
        }

        if (!SpiffeId.TryCreate(authority.TrustDomain, caller.Namespace, caller.ServiceAccount, out SpiffeId id))
        {
            throw new RpcException(new Status(StatusCode.Unauthenticated, $"{caller} makes no SPIFFE id"));
        }

        string budgetKey = caller.PodName.Length > 0 ? $"{id}/{caller.PodName}" : id.ToString();
        double seconds = Math.Clamp(request.ValidityDuration, 0, (long)TimeSpan.FromDays(3650).TotalSeconds);
        IssueResult result = authority.Issue(request.Csr, id, budgetKey, TimeSpan.FromSeconds(seconds), clock.GetUtcNow());
        metrics.CertificateRequested(!result.IsRefused);
        if (result.IsRefused)
        {
            LogRefused(id.ToString(), result.Fault, result.Message);
            throw new RpcException(new Status(CodeOf(result.Fault), result.Message));
        }

        LogIssued(id.ToString(), result.SerialNumber, result.NotAfter);
        var response = new IstioCertificateResponse();
        response.CertChain.AddRange(result.Chain!);
        return response;
    }

    private static StatusCode CodeOf(IssueFault fault) => fault switch
    {
        IssueFault.TooMany => StatusCode.ResourceExhausted,
        IssueFault.NotOurs or IssueFault.KeyReused => StatusCode.PermissionDenied,
        _ => StatusCode.InvalidArgument,
    };

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, EventName = "CertificateIssued", Message = "Certificate {Serial} issued to {SpiffeId}, valid until {NotAfter}")]
    private partial void LogIssued(string spiffeId, string serial, DateTimeOffset notAfter);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, EventName = "CertificateRefused", Message = "Signing request of {SpiffeId} refused ({Fault}): {Reason}")]
    private partial void LogRefused(string spiffeId, IssueFault fault, string reason);
}
