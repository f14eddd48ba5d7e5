using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Http;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Weft.Identity;
using Weft.Store;

namespace Weft.Serving.Authentication;

/// <summary>
/// Who calls: a client certificate of the mesh, or a bearer token that the API server vouches for, meant for us (audience istio-ca). Plaintext is served on loopback only and proves nothing. Any thread.
/// </summary>
public sealed class CallerAuthenticator(TrustBundle bundle, string trustDomain, ITokenReviewer? reviewer, TimeProvider clock)
{
    /// <summary>Whom a token must be meant for; Istio's word.</summary>
    public const string Audience = "istio-ca";

    private static readonly string[] Audiences = [Audience];

    /// <summary>A caller that waits longer has given up itself.</summary>
    private static readonly TimeSpan LongestReview = TimeSpan.FromSeconds(10);

    /// <summary>Throws <see cref="RpcException"/>: UNAUTHENTICATED with what was wrong, UNAVAILABLE when a token cannot be reviewed now.</summary>
    public async Task<CallerIdentity> AuthenticateAsync(ServerCallContext context)
    {
        HttpContext http = context.GetHttpContext();
        (CallerIdentity? caller, StatusCode code, string error) = await AuthenticateAsync(http, context.CancellationToken).ConfigureAwait(false);
        return caller ?? throw new RpcException(new Status(code, error));
    }

    /// <summary>The same for plain HTTP endpoints: null with a reason when nobody is proven.</summary>
    public async Task<(CallerIdentity? Caller, StatusCode Code, string Error)> AuthenticateAsync(HttpContext http, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(http);
        if (!http.Request.IsHttps)
        {
            return http.Connection.RemoteIpAddress is { } remote && IPAddress.IsLoopback(remote)
                ? (CallerIdentity.Local, StatusCode.OK, "")
                : (null, StatusCode.Unauthenticated, "plaintext is served on loopback only");
        }

        if (http.Connection.ClientCertificate is { } certificate)
        {
            return OfCertificate(certificate);
        }

        string header = http.Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return (null, StatusCode.Unauthenticated, "a client certificate of the mesh or a bearer token is required");
        }

        return await OfTokenAsync(header["Bearer ".Length..].Trim(), cancellation).ConfigureAwait(false);
    }

    private (CallerIdentity?, StatusCode, string) OfCertificate(X509Certificate2 certificate)
    {
        if (!PeerCertificate.TryVerify(certificate, null, bundle, PeerCertificate.ClientAuth, clock.GetUtcNow(), out SpiffeId id, out string error))
        {
            return (null, StatusCode.Unauthenticated, error);
        }

        return id.TrustDomain.SequenceEqual(trustDomain) && id.TryGetServiceAccount(out string? ns, out string? account)
            ? (new CallerIdentity(ns, account, "", false), StatusCode.OK, "")
            : (null, StatusCode.Unauthenticated, $"{id} is not a workload of trust domain {trustDomain}");
    }

    private async Task<(CallerIdentity?, StatusCode, string)> OfTokenAsync(string token, CancellationToken cancellation)
    {
        if (reviewer is null)
        {
            return (null, StatusCode.Unauthenticated, "tokens cannot be reviewed here: present a client certificate");
        }

        TokenReviewVerdict verdict;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(LongestReview);
        try
        {
            verdict = await reviewer.ReviewAsync(token, Audiences, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (null, StatusCode.Unavailable, "the API server does not answer about the token");
        }
        catch (HttpRequestException exception)
        {
            return (null, StatusCode.Unavailable, "the API server cannot be asked about the token: " + exception.Message);
        }

        if (!verdict.Authenticated)
        {
            return (null, StatusCode.Unauthenticated, verdict.Error ?? "the token was not accepted");
        }

        // A server that ignores audiences answers without any: that token may be meant for anybody.
        if (!Contains(verdict.Audiences, Audience))
        {
            return (null, StatusCode.Unauthenticated, $"the token is not meant for {Audience}");
        }

        string[] parts = verdict.Username.Split(':');
        if (parts is not ["system", "serviceaccount", { Length: > 0 } ns, { Length: > 0 } account])
        {
            return (null, StatusCode.Unauthenticated, $"'{verdict.Username}' is not a service account");
        }

        string pod = verdict.Extra is { } extra && extra.TryGetValue("authentication.kubernetes.io/pod-name", out IReadOnlyList<string>? pods) && pods.Count > 0 ? pods[0] : "";
        return (new CallerIdentity(ns, account, pod, false), StatusCode.OK, "");
    }

    private static bool Contains(IReadOnlyList<string> audiences, string wanted)
    {
        foreach (string audience in audiences)
        {
            if (string.Equals(audience, wanted, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
