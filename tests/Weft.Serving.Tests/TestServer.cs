using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Weft.Control.Acceptance;
using Weft.Control.Model;
using Weft.Identity;
using Weft.Serving.Authentication;
using Weft.Serving.Hosting;
using Weft.Serving.Publishing;
using Weft.Store;

namespace Weft.Serving.Tests;

/// <summary>A whole control plane in this process: real Kestrel on ports of the system's choice, a scripted source, a fake token reviewer.</summary>
internal sealed class TestServer : IAsyncDisposable, ITokenReviewer
{
    private readonly CancellationTokenSource _stop = new();
    private readonly MeshPublisher _publisher;
    private Task _running = Task.CompletedTask;
    private ControlServer _server = null!;

    private TestServer(string directory, AcceptedJournal? journal)
    {
        Directory = directory;
        Authority = CertificateAuthority.CreateEphemeral(new CaOptions { TrustDomain = "cluster.local" }, DateTimeOffset.UtcNow);
        _publisher = new MeshPublisher(
            new MeshSettings { TrustBundlePem = Authority.RootPem }, journal, NullLogger<MeshPublisher>.Instance, new PublisherOptions { Quiet = TimeSpan.FromMilliseconds(5) });
    }

    public string Directory { get; }

    public ScriptedSource Source { get; } = new();

    public CertificateAuthority Authority { get; }

    public MeshPublisher Publisher => _publisher;

    public ControlServer Server => _server;

    /// <summary>Token → who it is.</summary>
    public Dictionary<string, TokenReviewVerdict> Tokens { get; } = new(StringComparer.Ordinal);

    public string DebugSocket => Path.Combine(Directory, "debug.sock");

    public static async Task<TestServer> StartAsync(string? yaml = null, string? directory = null, bool withJournal = false)
    {
        directory ??= System.IO.Directory.CreateTempSubdirectory("weftd-test-").FullName;
        AcceptedJournal? journal = withJournal ? new AcceptedJournal(Journal.Open(Path.Combine(directory, "accepted.journal"))) : null;
        var server = new TestServer(directory, journal);
        server._publisher.LoadJournal();
        server._server = await ControlServer.StartAsync(
            new ControlServerOptions
            {
                Plaintext = new IPEndPoint(IPAddress.Loopback, 0),
                Secure = new IPEndPoint(IPAddress.Loopback, 0),
                Metrics = new IPEndPoint(IPAddress.Loopback, 0),
                Health = new IPEndPoint(IPAddress.Loopback, 0),
                DebugSocket = server.DebugSocket,
                DnsNames = ["weftd.test"],
            },
            server._publisher,
            server.Authority,
            server,
            l => l.SetMinimumLevel(LogLevel.None));
        if (yaml is not null)
        {
            server.Source.Say(yaml);
            server.Run();
            await server.UntilAsync(() => server._publisher.IsSynced && server._publisher.Current is not null);
        }

        return server;
    }

    public void Run() => _running = _publisher.RunAsync(Source, _stop.Token);

    /// <summary>Polls with a deadline; a condition, not a time, decides.</summary>
    public async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            await Task.Delay(2, limit.Token);
        }
    }

    /// <summary>Addresses in the order in which the server opens its doors.</summary>
    public Uri Address(int door) => new(_server.Addresses.Where(a => !a.Contains("unix", StringComparison.Ordinal)).ElementAt(door));

    public GrpcChannel Plaintext() => GrpcChannel.ForAddress(Address(0), new GrpcChannelOptions { MaxReceiveMessageSize = null });

    public GrpcChannel Secure(X509Certificate2? clientCertificate = null) =>
        GrpcChannel.ForAddress(Named(1), new GrpcChannelOptions { HttpHandler = Handler(clientCertificate), DisposeHttpClient = true });

    public HttpClient Metrics(X509Certificate2? clientCertificate = null) => new(Handler(clientCertificate)) { BaseAddress = Named(2) };

    private Uri Named(int door) => new($"https://weftd.test:{Address(door).Port}");

    public HttpClient Health() => new() { BaseAddress = Address(3) };

    public HttpClient Debug() => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellation) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(DebugSocket), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    {
        BaseAddress = new Uri("http://weftd/"),
    };

    /// <summary>A token that the fake API server vouches for.</summary>
    public string Token(string ns, string account, params string[] audiences)
    {
        string token = $"token-{ns}-{account}-{string.Join('-', audiences)}";
        Tokens[token] = new TokenReviewVerdict(true, $"system:serviceaccount:{ns}:{account}", audiences, null);
        return token;
    }

    public static Metadata Bearer(string token) => new() { { "authorization", "Bearer " + token } };

    public Task<TokenReviewVerdict> ReviewAsync(string token, IReadOnlyList<string> audiences, CancellationToken cancellation)
    {
        TokenReviewVerdict verdict = Tokens.GetValueOrDefault(token, new TokenReviewVerdict(false, "", [], "unknown token"));
        return Task.FromResult(verdict with { Audiences = [.. verdict.Audiences.Intersect(audiences)] });
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _running;
        }
        catch (OperationCanceledException)
        {
            // Asked to stop.
        }

        await _server.DisposeAsync();
        _publisher.Dispose();
        Authority.Dispose();
        _stop.Dispose();
    }

    private SocketsHttpHandler Handler(X509Certificate2? clientCertificate)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPem(Authority.RootPem);
        return new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellation) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = policy,
                ClientCertificates = clientCertificate is null ? null : [clientCertificate],
            },
        };
    }
}
