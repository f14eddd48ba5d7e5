using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Weft.Xds.Proto.Istio.Auth.V1;
using Weft.Xds.Proto.Service.Discovery.V3;

namespace Weft.LoadBench;

/// <summary>
/// A control plane with fixed content: delta ADS and the CA service on loopback without TLS. Every proxy gets the resources given for
/// its pod name; <see cref="Push"/> changes one resource for all of them.
/// </summary>
internal sealed class FixtureServer : IAsyncDisposable
{
    /// <summary>In the order of xDS: what is pointed at comes before what points.</summary>
    public static readonly string[] Order =
    [
        "envoy.config.cluster.v3.Cluster", "envoy.config.endpoint.v3.ClusterLoadAssignment", "envoy.config.listener.v3.Listener",
        "envoy.config.route.v3.RouteConfiguration", "envoy.config.route.v3.VirtualHost",
        "envoy.extensions.transport_sockets.tls.v3.Secret", "istio.workload.Workload", "istio.networking.nds.v1.NameTable",
    ];

    private readonly ConcurrentDictionary<string, IReadOnlyList<(string Name, IMessage Message)>> _byPod = new();
    private readonly ConcurrentDictionary<Channel<(string Name, IMessage Message)>, byte> _streams = new();
    private readonly WebApplication _app;

    private FixtureServer(WebApplication app) => _app = app;

    public static async Task<FixtureServer> StartAsync(int port, string certificateFolder)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        FixtureServer? server = null;
        builder.Services.AddSingleton(_ => server!);
        builder.Services.AddSingleton(new SigningFixture(certificateFolder));
        WebApplication app = builder.Build();
        server = new(app);
        app.MapGrpcService<Discovery>();
        app.MapGrpcService<SigningService>();
        await app.StartAsync();
        return server;
    }

    public void Set(string pod, IReadOnlyList<(string Name, IMessage Message)> resources) => _byPod[pod] = resources;

    public void Push(string name, IMessage message)
    {
        foreach (var stream in _streams.Keys)
        {
            stream.Writer.TryWrite((name, message));
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static Resource ToResource(string name, IMessage message)
    {
        Any any = Any.Pack(message);
        return new() { Name = name, Version = Convert.ToHexStringLower(SHA256.HashData(any.Value.Span)), Resource_ = any };
    }

    private sealed class Discovery(FixtureServer server) : AggregatedDiscoveryService.AggregatedDiscoveryServiceBase
    {
        public override async Task DeltaAggregatedResources(
            IAsyncStreamReader<DeltaDiscoveryRequest> requests, IServerStreamWriter<DeltaDiscoveryResponse> responses, ServerCallContext context)
        {
            if (!await requests.MoveNext(context.CancellationToken))
            {
                return;
            }

            string pod = requests.Current.Node.Id.Split('~')[2].Split('.')[0];
            Task reading = ReadAsync(requests, context.CancellationToken);
            IReadOnlyList<(string Name, IMessage Message)> resources = server._byPod[pod];
            string[] types = [.. Order.Where(type => resources.Any(resource => resource.Message.Descriptor.FullName == type))];
            foreach (string type in types)
            {
                DeltaDiscoveryResponse response = new()
                {
                    TypeUrl = "type.googleapis.com/" + type,
                    Nonce = type,
                    SystemVersionInfo = type == types[^1] ? "fixture" : "fixture+",
                };
                response.Resources.AddRange(resources.Where(resource => resource.Message.Descriptor.FullName == type).Select(resource => ToResource(resource.Name, resource.Message)));
                await responses.WriteAsync(response);
            }

            Channel<(string Name, IMessage Message)> changes = Channel.CreateBounded<(string Name, IMessage Message)>(4096);
            server._streams[changes] = 0;
            try
            {
                long serial = 0;
                await foreach (var (name, message) in changes.Reader.ReadAllAsync(context.CancellationToken))
                {
                    await responses.WriteAsync(new()
                    {
                        TypeUrl = "type.googleapis.com/" + message.Descriptor.FullName,
                        Nonce = (++serial).ToString(System.Globalization.CultureInfo.InvariantCulture),
                        SystemVersionInfo = $"fixture-{serial}",
                        Resources = { ToResource(name, message) },
                    });
                }
            }
            finally
            {
                server._streams.TryRemove(changes, out _);
            }

            await reading;
        }

        private static async Task ReadAsync(IAsyncStreamReader<DeltaDiscoveryRequest> requests, CancellationToken cancellation)
        {
            while (await requests.MoveNext(cancellation))
            {
                if (requests.Current.ErrorDetail is { } refused)
                {
                    Console.Error.WriteLine($"bench: the proxy refused {requests.Current.TypeUrl}: {refused.Message}");
                }
            }
        }
    }

    private sealed class SigningService(SigningFixture signer) : IstioCertificateService.IstioCertificateServiceBase
    {
        public override Task<IstioCertificateResponse> CreateCertificate(IstioCertificateRequest request, ServerCallContext context) =>
            Task.FromResult(new IstioCertificateResponse { CertChain = { signer.Sign(request.Csr) } });
    }
}
