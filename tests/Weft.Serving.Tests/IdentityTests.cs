using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Tasks;
using Grpc.Core;
using Weft.Control.Derivation;
using Weft.Control.Tests;
using Weft.Xds.Proto.Istio.Auth.V1;
using Weft.Xds.Proto.Service.Discovery.V3;

namespace Weft.Serving.Tests;

/// <summary>Who may do what on the TLS ports (attacks T60, T84).</summary>
public sealed class IdentityTests
{
    [Fact]
    public async Task Discovery_TokenOfTheNodesServiceAccount_IsServed()
    {
        await using TestServer server = await TestServer.StartAsync(Yaml.Grid);
        using var proxy = new TestProxy(server.Secure(), TestServer.Bearer(server.Token("grid", "web", "istio-ca")));
        await proxy.SubscribeAsync(TestProxy.Node("web-1", "grid", "web"));

        Assert.NotEmpty(await proxy.TakePushAsync());
    }

    [Theory]
    [InlineData("forecast-1", "grid", "forecast", "another service account's node")]
    [InlineData("web-1", "ops", "web", "another namespace")]
    [InlineData("forecast-1", "grid", "web", "a pod of another service account, under one's own name")]
    public async Task T60_Discovery_TokenOfSomebodyElse_IsPermissionDenied(string pod, string ns, string account, string what)
    {
        await using TestServer server = await TestServer.StartAsync(Yaml.Grid);
        using var proxy = new TestProxy(server.Secure(), TestServer.Bearer(server.Token("grid", "web", "istio-ca")));
        await proxy.SendAsync(new DeltaDiscoveryRequest { TypeUrl = XdsTypes.Cluster, Node = TestProxy.Node(pod, ns, account) });

        Assert.True(await proxy.ReadStatusAsync() == StatusCode.PermissionDenied, what);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("unknown")]
    [InlineData("audience")]
    public async Task Discovery_WithoutAGoodToken_IsUnauthenticated(string how)
    {
        await using TestServer server = await TestServer.StartAsync(Yaml.Grid);
        Metadata? headers = how switch
        {
            "unknown" => TestServer.Bearer("made up"),
            "audience" => TestServer.Bearer(server.Token("grid", "web", "somebody-else")),
            _ => null,
        };
        using var proxy = new TestProxy(server.Secure(), headers);

        Assert.Equal(StatusCode.Unauthenticated, await proxy.ReadStatusAsync());
    }

    [Fact]
    public async Task Certificate_TokenThenCertificate_IssuesForTheCallerAndRenewsWithoutAToken()
    {
        await using TestServer server = await TestServer.StartAsync(Yaml.Grid);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        IstioCertificateResponse first = await RequestAsync(server, key, TestServer.Bearer(server.Token("grid", "web", "istio-ca")));

        using X509Certificate2 leaf = X509Certificate2.CreateFromPem(first.CertChain[0]).CopyWithPrivateKey(key);
        Assert.Contains("spiffe://cluster.local/ns/grid/sa/web", San(leaf), StringComparison.Ordinal);
        Assert.Equal(server.Authority.RootPem.Trim(), first.CertChain[^1].Trim());

        using X509Certificate2 usable = X509CertificateLoader.LoadPkcs12(leaf.Export(X509ContentType.Pkcs12), null);
        using ECDsa next = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        IstioCertificateResponse renewed = await RequestAsync(server, next, null, usable);
        using X509Certificate2 second = X509Certificate2.CreateFromPem(renewed.CertChain[0]);
        Assert.Equal(San(leaf), San(second));

        using var proxy = new TestProxy(server.Secure(usable));
        await proxy.SubscribeAsync(TestProxy.Node("web-1", "grid", "web"));
        Assert.NotEmpty(await proxy.TakePushAsync());
    }

    [Fact]
    public async Task T60_Certificate_RequestThatNamesSomebodyElse_GetsTheCallersName()
    {
        await using TestServer server = await TestServer.StartAsync(Yaml.Grid);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=admin", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri("spiffe://cluster.local/ns/istio-system/sa/weftd"));
        request.CertificateExtensions.Add(names.Build());

        IstioCertificateResponse response = await SendAsync(server, request.CreateSigningRequestPem(), TestServer.Bearer(server.Token("grid", "web", "istio-ca")));

        using X509Certificate2 leaf = X509Certificate2.CreateFromPem(response.CertChain[0]);
        Assert.Contains("ns/grid/sa/web", San(leaf), StringComparison.Ordinal);
        Assert.DoesNotContain("weftd", San(leaf), StringComparison.Ordinal);
    }

    [Fact]
    public async Task T60_Certificate_BadOversizedReusedOrTooMany_AreRefused()
    {
        await using TestServer server = await TestServer.StartAsync(Yaml.Grid);
        Metadata web = TestServer.Bearer(server.Token("grid", "web", "istio-ca"));
        Metadata forecast = TestServer.Bearer(server.Token("grid", "forecast", "istio-ca"));
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using RSA weak = RSA.Create(1024);

        Assert.Equal(StatusCode.InvalidArgument, await StatusAsync(() => SendAsync(server, "no request at all", web)));
        Assert.Equal(StatusCode.InvalidArgument, await StatusAsync(() => SendAsync(server, new string('A', 100_000), web)));
        Assert.Equal(StatusCode.InvalidArgument, await StatusAsync(() => SendAsync(
            server, new CertificateRequest("CN=x", weak, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequestPem(), web)));

        await RequestAsync(server, key, web);
        Assert.Equal(StatusCode.PermissionDenied, await StatusAsync(() => RequestAsync(server, key, forecast)));

        var codes = new List<StatusCode>();
        for (int i = 0; i < 40; i++)
        {
            using ECDsa fresh = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            codes.Add(await StatusAsync(() => RequestAsync(server, fresh, web)));
        }

        Assert.Contains(StatusCode.ResourceExhausted, codes);
    }

    [Fact]
    public async Task Certificate_OverPlaintext_IsUnauthenticated()
    {
        await using TestServer server = await TestServer.StartAsync(Yaml.Grid);
        using var channel = server.Plaintext();
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string csr = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();

        Assert.Equal(StatusCode.Unauthenticated, await StatusAsync(() =>
            new IstioCertificateService.IstioCertificateServiceClient(channel).CreateCertificateAsync(new IstioCertificateRequest { Csr = csr }).ResponseAsync));
    }

    [Fact]
    public async Task T84_MetricsPort_UnprovenCallerOrDebugFromAnotherNamespace_Is403()
    {
        await using TestServer server = await TestServer.StartAsync(Yaml.Grid);
        using HttpClient nobody = server.Metrics();
        Assert.Equal(HttpStatusCode.Forbidden, await CodeAsync(nobody, "/metrics"));
        Assert.Equal(HttpStatusCode.Forbidden, await CodeAsync(nobody, "/debug/syncz"));

        using HttpClient web = server.Metrics();
        web.DefaultRequestHeaders.Add("authorization", "Bearer " + server.Token("grid", "web", "istio-ca"));
        Assert.Equal(HttpStatusCode.OK, await CodeAsync(web, "/metrics"));
        Assert.Equal(HttpStatusCode.Forbidden, await CodeAsync(web, "/debug/syncz"));

        using HttpClient admin = server.Metrics();
        admin.DefaultRequestHeaders.Add("authorization", "Bearer " + server.Token("istio-system", "ops", "istio-ca"));
        Assert.Equal(HttpStatusCode.OK, await CodeAsync(admin, "/debug/syncz"));
    }

    [Fact]
    public async Task T84_HealthAndDiscoveryPorts_ServeNoPages()
    {
        await using TestServer server = await TestServer.StartAsync(Yaml.Grid);
        using HttpClient health = server.Health();
        Assert.Equal(HttpStatusCode.OK, await CodeAsync(health, "/ready"));
        Assert.Equal(HttpStatusCode.NotFound, await CodeAsync(health, "/debug/syncz"));
        Assert.Equal(HttpStatusCode.NotFound, await CodeAsync(health, "/metrics"));

        using var discovery = new HttpClient { BaseAddress = server.Address(0), DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        Assert.Equal(HttpStatusCode.NotFound, await CodeAsync(discovery, "/debug/syncz"));
    }

    private static Task<IstioCertificateResponse> RequestAsync(TestServer server, ECDsa key, Metadata? headers, X509Certificate2? certificate = null) =>
        SendAsync(server, new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256).CreateSigningRequestPem(), headers, certificate);

    private static async Task<IstioCertificateResponse> SendAsync(TestServer server, string csr, Metadata? headers, X509Certificate2? certificate = null)
    {
        using var channel = server.Secure(certificate);
        return await new IstioCertificateService.IstioCertificateServiceClient(channel).CreateCertificateAsync(new IstioCertificateRequest { Csr = csr }, headers);
    }

    private static async Task<StatusCode> StatusAsync(Func<Task> call)
    {
        try
        {
            await call();
            return StatusCode.OK;
        }
        catch (RpcException exception)
        {
            return exception.StatusCode;
        }
    }

    private static async Task<HttpStatusCode> CodeAsync(HttpClient client, string path)
    {
        using HttpResponseMessage response = await client.GetAsync(path, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private static string San(X509Certificate2 certificate) => string.Join(",", certificate.Extensions.Where(e => e.Oid?.Value == "2.5.29.17").Select(e => e.Format(false)));
}
