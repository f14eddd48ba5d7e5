using System;
using System.IO;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Weft.Identity;
using Weft.Xds.Proto.Service.Discovery.V3;

// Writes root.pem, client.pem and client-key.pem into the folder given, prints the port, then answers each stream once and is silent.
var folder = args[0];
var now = DateTimeOffset.UtcNow;
using var ca = CertificateAuthority.CreateEphemeral(new CaOptions { TrustDomain = "cluster.local" }, now);
SpiffeId.TryCreate("cluster.local", "istio-system", "weftd", out var weftd);
SpiffeId.TryCreate("cluster.local", "grid", "web", out var web);
using var key = new WorkloadKey();
File.WriteAllText(Path.Combine(folder, "root.pem"), ca.RootPem);
File.WriteAllText(Path.Combine(folder, "client.pem"), ca.Issue(key.CreateSigningRequestPem(), web, "probe", TimeSpan.Zero, now).Chain![0]);
File.WriteAllBytes(Path.Combine(folder, "client-key.pem"), key.ExportPem());

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.Services.AddGrpc();
builder.WebHost.UseKestrelHttpsConfiguration();
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
{
    listen.Protocols = HttpProtocols.Http2;
    listen.UseHttps(https =>
    {
        https.ServerCertificate = ca.IssueServer(["localhost"], weftd, now);
        https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
        https.ClientCertificateValidation = (certificate, _, _) =>
        {
            return TrustBundle.TryParse(ca.RootPem, out var bundle, out _)
                && PeerCertificate.TryVerify(certificate, null, bundle, PeerCertificate.ClientAuth, DateTimeOffset.UtcNow, out _, out _);
        };
    });
}));
await using var app = builder.Build();
app.MapGrpcService<Ads>();
await app.StartAsync();
foreach (var url in app.Urls) Console.WriteLine(new Uri(url).Port);
await Task.Delay(Timeout.Infinite);

internal sealed class Ads : AggregatedDiscoveryService.AggregatedDiscoveryServiceBase
{
    public override async Task DeltaAggregatedResources(
        IAsyncStreamReader<DeltaDiscoveryRequest> requestStream, IServerStreamWriter<DeltaDiscoveryResponse> responseStream, ServerCallContext context)
    {
        await requestStream.MoveNext(context.CancellationToken);
        await responseStream.WriteAsync(new DeltaDiscoveryResponse { Nonce = "1" });
        await Task.Delay(Timeout.Infinite, context.CancellationToken);
    }
}
