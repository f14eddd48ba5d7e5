using System;
using System.Collections.Concurrent;
using System.IO;
using System.Linq;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using System.Threading.Tasks;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Weft.Identity;
using Weft.Xds.Proto.Istio.Auth.V1;
using Weft.Xds.Proto.Service.Discovery.V3;

namespace Weft.Proxy.Tests.Discovery;

/// <summary>A control plane of a test's own: a real CA and a scripted ADS stream, over real TLS (or plaintext) on loopback.</summary>
internal sealed class FixtureControlPlane : IAsyncDisposable
{
    public const string Name = "istiod.istio-system.svc";
    private readonly WebApplication _app;
    private readonly string _folder = Directory.CreateTempSubdirectory("weft-discovery-").FullName;

    private FixtureControlPlane(WebApplication app, Script script, CertificateAuthority ca)
    {
        _app = app;
        Script = script;
        Ca = ca;
    }

    public Script Script { get; }

    public CertificateAuthority Ca { get; }

    public string Address { get; private set; } = "";

    public string RootFile => Path.Combine(_folder, "root.pem");

    public string TokenFile => Path.Combine(_folder, "token");

    public static async Task<FixtureControlPlane> StartAsync(bool isPlaintext, string serverName = Name)
    {
        var now = DateTimeOffset.UtcNow;
        var ca = CertificateAuthority.CreateEphemeral(new CaOptions { TrustDomain = "cluster.local" }, now);
        Assert.True(SpiffeId.TryCreate("cluster.local", "istio-system", "weftd", out var id));
        var serving = ca.IssueServer([serverName], id, now);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var script = new Script(ca);
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(script);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            if (isPlaintext) return;
            listen.UseHttps(https =>
            {
                https.ServerCertificate = serving;
                https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                https.ClientCertificateValidation = (certificate, _, _) => script.OnClientCertificate(certificate);
            });
        }));
        var app = builder.Build();
        app.MapGrpcService<AdsService>();
        app.MapGrpcService<CaService>();
        await app.StartAsync();
        var plane = new FixtureControlPlane(app, script, ca) { Address = new Uri(app.Urls.Single().Replace("https", "http", StringComparison.Ordinal)).Authority };
        await File.WriteAllTextAsync(plane.RootFile, ca.RootPem);
        await File.WriteAllTextAsync(plane.TokenFile, "the-token\n");
        return plane;
    }

    public async ValueTask DisposeAsync()
    {
        Script.CloseStreams();
        await _app.StopAsync();
        await _app.DisposeAsync();
        Ca.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>What the fixture saw and what it is to send.</summary>
internal sealed class Script(CertificateAuthority ca)
{
    private readonly ConcurrentBag<Channel<DeltaDiscoveryResponse>> _streams = [];

    public Channel<DeltaDiscoveryRequest> Requests { get; } = Channel.CreateUnbounded<DeltaDiscoveryRequest>();

    public ConcurrentQueue<string> Tokens { get; } = [];

    public ConcurrentQueue<string> ClientIds { get; } = [];

    public bool RefusesCertificates { get; set; }

    public void Send(DeltaDiscoveryResponse response)
    {
        foreach (var stream in _streams) stream.Writer.TryWrite(response);
    }

    public void CloseStreams()
    {
        foreach (var stream in _streams) stream.Writer.TryComplete();
        _streams.Clear();
    }

    public bool OnClientCertificate(X509Certificate2 certificate)
    {
        Assert.True(TrustBundle.TryParse(ca.RootPem, out var bundle, out _));
        using (bundle)
        {
            if (!PeerCertificate.TryVerify(certificate, null, bundle!, PeerCertificate.ClientAuth, DateTimeOffset.UtcNow, out var id, out _)) return false;
            ClientIds.Enqueue(id.ToString());
            return true;
        }
    }

    public string[] Sign(string csr, string token)
    {
        Tokens.Enqueue(token);
        if (RefusesCertificates) throw new RpcException(new Status(StatusCode.Unauthenticated, "no"));
        Assert.True(SpiffeId.TryCreate("cluster.local", "grid", "web", out var caller));
        return [.. ca.Issue(csr, caller, "pod", TimeSpan.Zero, DateTimeOffset.UtcNow).Chain!];
    }

    public Channel<DeltaDiscoveryResponse> Open()
    {
        var stream = Channel.CreateUnbounded<DeltaDiscoveryResponse>();
        _streams.Add(stream);
        return stream;
    }
}

internal sealed class AdsService(Script script) : AggregatedDiscoveryService.AggregatedDiscoveryServiceBase
{
    public override async Task DeltaAggregatedResources(
        IAsyncStreamReader<DeltaDiscoveryRequest> requestStream, IServerStreamWriter<DeltaDiscoveryResponse> responseStream, ServerCallContext context)
    {
        var stream = script.Open();
        var reading = Task.Run(async () =>
        {
            while (await requestStream.MoveNext(context.CancellationToken)) await script.Requests.Writer.WriteAsync(requestStream.Current);
        });
        await foreach (var response in stream.Reader.ReadAllAsync(context.CancellationToken)) await responseStream.WriteAsync(response);
    }
}

internal sealed class CaService(Script script) : IstioCertificateService.IstioCertificateServiceBase
{
    public override Task<IstioCertificateResponse> CreateCertificate(IstioCertificateRequest request, ServerCallContext context)
    {
        var response = new IstioCertificateResponse();
        response.CertChain.AddRange(script.Sign(request.Csr, context.RequestHeaders.GetValue("authorization") ?? ""));
        return Task.FromResult(response);
    }
}
