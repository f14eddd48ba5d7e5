using System;
using System.IO;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Weft.Identity;
using Weft.Serving.Authentication;
using Weft.Serving.Discovery;
using Weft.Serving.Publishing;
using Weft.Serving.Pages;

namespace Weft.Serving.Hosting;

/// <summary>Kestrel with the control plane's services on its doors. Owns the web application; what it serves is handed in.</summary>
public sealed class ControlServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly MeshPublisher _publisher;
    private readonly ControlServerOptions _options;

    private ControlServer(WebApplication application, MeshPublisher publisher, ControlServerOptions options, ProxyRegistry registry)
    {
        _application = application;
        _publisher = publisher;
        _options = options;
        Registry = registry;
        publisher.Published += OnPublished;
    }

    /// <summary>Connected proxies.</summary>
    public ProxyRegistry Registry { get; }

    /// <summary>Addresses that are open, for tests that let the system choose ports.</summary>
    public string[] Addresses => [.. _application.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];

    /// <summary>Opens the doors. Throws <see cref="IOException"/> when an address is taken, <see cref="ArgumentException"/> when plaintext is not loopback.</summary>
    public static async Task<ControlServer> StartAsync(
        ControlServerOptions options,
        MeshPublisher publisher,
        CertificateAuthority authority,
        ITokenReviewer? reviewer,
        Action<ILoggingBuilder> logging,
        TimeProvider? clock = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Plaintext is { } plaintext && !IPAddress.IsLoopback(plaintext.Address))
        {
            throw new ArgumentException($"plaintext discovery is for loopback only, not {plaintext.Address}: use the TLS port", nameof(options));
        }

        clock ??= TimeProvider.System;
        if (!TrustBundle.TryParse(authority.RootPem, out TrustBundle? bundle, out string error))
        {
            throw new InvalidDataException("the CA's own root cannot be read: " + error);
        }

        var registry = new ProxyRegistry();
        var metrics = new DiscoveryMetrics();
        var authenticator = new CallerAuthenticator(bundle!, authority.TrustDomain, reviewer, clock);

        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [], ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        logging(builder.Logging);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, options, new ServingCertificate(authority, options.DnsNames, OwnId(authority, options), clock)));
        builder.Services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = 16 << 20;
            grpc.MaxSendMessageSize = null;
            grpc.EnableDetailedErrors = false;
        });
        builder.Services.AddSingleton(publisher).AddSingleton(registry).AddSingleton(metrics).AddSingleton(authenticator).AddSingleton(authority).AddSingleton(clock);
        builder.Services.AddSingleton<DiscoveryService>().AddSingleton<CertificateService>();

        WebApplication application = builder.Build();
        application.Use((http, next) => new DoorKeeper(authenticator, options.RootNamespace).AdmitAsync(http, next));
        application.MapGrpcService<DiscoveryService>();
        application.MapGrpcService<CertificateService>();
        new StatusPages(publisher, registry, metrics, clock).Map(application);
        DeleteStaleSocket(options.DebugSocket);
        await application.StartAsync(cancellation).ConfigureAwait(false);
        if (options.DebugSocket is { } socket)
        {
            File.SetUnixFileMode(socket, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return new ControlServer(application, publisher, options, registry);
    }

    /// <summary>Ends streams and closes the doors.</summary>
    public async ValueTask DisposeAsync()
    {
        _publisher.Published -= OnPublished;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        try
        {
            await _application.StopAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Streams that did not end in time are cut.
        }

        await _application.DisposeAsync().ConfigureAwait(false);
        DeleteStaleSocket(_options.DebugSocket);
    }

    private static SpiffeId OwnId(CertificateAuthority authority, ControlServerOptions options) =>
        SpiffeId.TryCreate(authority.TrustDomain, options.RootNamespace, "weftd", out SpiffeId id)
            ? id
            : throw new ArgumentException($"'{options.RootNamespace}' makes no SPIFFE id", nameof(options));

    private static void Listen(KestrelServerOptions kestrel, ControlServerOptions options, ServingCertificate certificate)
    {
        kestrel.AddServerHeader = false;

        // Streams live as long as their proxies; what ends dead ones is HTTP/2 pings, not silence.
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.Http2.MaxStreamsPerConnection = 100;

        // A push of megabytes must not wait for window updates of 64 KiB.
        kestrel.Limits.Http2.InitialConnectionWindowSize = 1 << 20;
        kestrel.Limits.Http2.InitialStreamWindowSize = 1 << 20;

        if (options.Plaintext is { } plaintext)
        {
            kestrel.Listen(plaintext, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                listen.Mark(Door.Plaintext);
            });
        }

        if (options.Secure is { } secure)
        {
            kestrel.Listen(secure, listen => Tls(listen, HttpProtocols.Http2, certificate, Door.Secure));
        }

        if (options.Metrics is { } metrics)
        {
            kestrel.Listen(metrics, listen => Tls(listen, HttpProtocols.Http1, certificate, Door.Metrics));
        }

        if (options.Health is { } health)
        {
            kestrel.Listen(health, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.Mark(Door.Health);
            });
        }

        if (options.DebugSocket is { } socket)
        {
            kestrel.ListenUnixSocket(socket, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.Mark(Door.Debug);
            });
        }
    }

    /// <summary>A client certificate is asked for, not required; who presents a wrong one is told so by the service, in words.</summary>
    private static void Tls(ListenOptions listen, HttpProtocols protocols, ServingCertificate certificate, Door door)
    {
        listen.Protocols = protocols;
        listen.Mark(door);
        listen.UseHttps(https =>
        {
            https.ServerCertificateSelector = (_, _) => certificate.Current;
            https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
            https.ClientCertificateValidation = (_, _, _) => true;
            https.SslProtocols = System.Security.Authentication.SslProtocols.Tls12 | System.Security.Authentication.SslProtocols.Tls13;
        });
    }

    private static void DeleteStaleSocket(string? path)
    {
        if (path is not null)
        {
            File.Delete(path);
        }
    }

    private void OnPublished(MeshVersion version) => Registry.WakeAll();
}
