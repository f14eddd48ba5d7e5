using System;
using System.IO;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Core;
using Weft.Identity;
using Weft.Xds.Ca;

namespace Weft.Proxy.Discovery;

/// <summary>
/// Obtains this workload's certificate and keeps it fresh: a new key for each, a signing request authenticated by the service account token,
/// renewal at half life with jitter. The key never leaves the process. Off-loop; one task.
/// </summary>
internal sealed class CertificateClient(DiscoveryOptions options, CertificateHolder holder, IIdentitySink sink, StatusCell status)
{
    /// <summary>A CA signs in milliseconds; a pod that waits longer should ask again.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <summary>Longest sleep: the wall clock may jump, so it is looked at now and then.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(5);

    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when there is a certificate.</summary>
    public Task First => _first.Task;

    public async Task RunAsync(CancellationToken cancellation)
    {
        var failures = 0;
        var notAfter = DateTimeOffset.MinValue;
        while (!cancellation.IsCancellationRequested)
        {
            var error = "";
            WorkloadIdentity? identity = null;
            try
            {
                identity = await ObtainAsync(cancellation).ConfigureAwait(false);
            }
            catch (RpcException e)
            {
                error = $"certificate: {e.Status.StatusCode}: {e.Status.Detail}";
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                error = $"certificate: {e.GetType().Name}: {e.Message}";
            }

            if (identity is null)
            {
                failures++;
                status.Update(s => s with { LastError = error, CertificateFailures = s.CertificateFailures + 1 });
                await Task.Delay(RotationSchedule.RetryAfter(failures, notAfter - DateTimeOffset.UtcNow, Random.Shared.NextDouble()), cancellation).ConfigureAwait(false);
                continue;
            }

            failures = 0;
            notAfter = identity.NotAfter;
            var renewAt = RotationSchedule.RenewAt(identity.NotBefore, identity.NotAfter, Random.Shared.NextDouble());
            sink.OnIdentity(identity);
            status.Update(s => s with
            {
                HasIdentity = true,
                CertificateNotAfter = identity.NotAfter,
                CertificatesObtained = s.CertificatesObtained + 1,
                LastError = s.LastError.StartsWith("certificate:", StringComparison.Ordinal) ? "" : s.LastError,
            });
            _first.TrySetResult();
            await SleepUntilAsync(renewAt, cancellation).ConfigureAwait(false);
        }
    }

    private static async Task SleepUntilAsync(DateTimeOffset when, CancellationToken cancellation)
    {
        while (when - DateTimeOffset.UtcNow is var left && left > TimeSpan.Zero)
        {
            await Task.Delay(left < LongestSleep ? left : LongestSleep, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<WorkloadIdentity> ObtainAsync(CancellationToken cancellation)
    {
        if (!SpiffeId.TryParse(options.SpiffeId, out var expected, out var why)) throw new InvalidDataException($"our own SPIFFE id '{options.SpiffeId}': {why}");
        using var key = new WorkloadKey();
        var request = CertificateMessages.WriteRequest(key.CreateSigningRequestPem(expected));
        var call = new CallOptions(Headers(options), DateTime.UtcNow + Deadline, cancellation);
        using var channel = new ControlPlaneChannel(options, holder);
        using var pending = channel.Invoker.AsyncUnaryCall(RawCall.CreateCertificate, null, call, request);
        var response = await pending.ResponseAsync.ConfigureAwait(false);
        if (!CertificateMessages.TryReadResponse(response, out var chain) || chain.Count < 2)
        {
            throw new InvalidDataException("the CA's answer is not a certificate chain");
        }

        return Accept(key, chain, expected);
    }

    /// <summary>What a CA answers is checked like anything else: our key, our name, a chain to the root that came with it.</summary>
    private WorkloadIdentity Accept(WorkloadKey key, System.Collections.Generic.List<string> chain, SpiffeId expected)
    {
        var rootPem = chain[^1];
        if (!TrustBundle.TryParse(rootPem, out var bundle, out var why)) throw new InvalidDataException($"the CA's root: {why}");
        using (bundle)
        using (var leaf = X509Certificate2.CreateFromPem(chain[0]))
        {
            var others = new X509Certificate2Collection();
            for (var i = 1; i < chain.Count - 1; i++) others.ImportFromPem(chain[i]);
            if (!PeerCertificate.TryVerify(leaf, others, bundle!, PeerCertificate.ClientAuth, DateTimeOffset.UtcNow, out var id, out why))
            {
                throw new InvalidDataException($"the CA's certificate: {why}");
            }

            if (id != expected) throw new InvalidDataException($"the CA calls us {id}, not {expected}");
            var withKey = key.Attach(leaf) ?? throw new InvalidDataException("the CA's certificate is for another key");
            holder.Use(withKey, rootPem);
            return new WorkloadIdentity
            {
                SpiffeId = id.ToString(),
                ChainPem = Encoding.ASCII.GetBytes(string.Join("", chain.GetRange(0, chain.Count - 1))),
                KeyPem = key.ExportPem(),
                BundlePem = Encoding.ASCII.GetBytes(rootPem),
                NotBefore = leaf.NotBefore.ToUniversalTime(),
                NotAfter = leaf.NotAfter.ToUniversalTime(),
                SerialNumber = leaf.SerialNumber,
            };
        }
    }

    /// <summary>The token is read for each use: it is replaced every hour or so.</summary>
    internal static Metadata Headers(DiscoveryOptions options)
    {
        var headers = new Metadata();
        if (options.TokenFile.Length > 0 && File.Exists(options.TokenFile))
        {
            headers.Add("authorization", $"Bearer {File.ReadAllText(options.TokenFile).Trim()}");
        }

        return headers;
    }
}
