using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using Weft.Control.Derivation;
using Weft.Xds.Proto.Config.Core.V3;
using Weft.Xds.Proto.Service.Discovery.V3;
using Metadata = Grpc.Core.Metadata;

namespace Weft.Serving.Tests;

/// <summary>A proxy that speaks delta discovery by hand: it answers only when a test says so.</summary>
internal sealed class TestProxy : IDisposable
{
    private readonly GrpcChannel _channel;
    private readonly AsyncDuplexStreamingCall<DeltaDiscoveryRequest, DeltaDiscoveryResponse> _call;
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(20));

    public TestProxy(GrpcChannel channel, Metadata? headers = null)
    {
        _channel = channel;
        _call = new AggregatedDiscoveryService.AggregatedDiscoveryServiceClient(channel).DeltaAggregatedResources(headers, cancellationToken: _limit.Token);
    }

    /// <summary>What it holds: type → name → version.</summary>
    public Dictionary<string, Dictionary<string, string>> Held { get; } = new(StringComparer.Ordinal);

    public static Node Node(string pod, string ns, string account, string type = "sidecar", string dialect = "weft") => new()
    {
        Id = $"{type}~10.1.0.1~{pod}.{ns}~{ns}.svc.cluster.local",
        Metadata = new Struct
        {
            Fields =
            {
                ["NAMESPACE"] = Value.ForString(ns),
                ["NAME"] = Value.ForString(pod),
                ["SERVICE_ACCOUNT"] = Value.ForString(account),
                ["WEFT_DIALECT"] = Value.ForString(dialect),
                ["WEFT_CONTRACT"] = Value.ForString("1"),
            },
        },
    };

    public Task SendAsync(DeltaDiscoveryRequest request) => _call.RequestStream.WriteAsync(request, _limit.Token);

    /// <summary>Subscribes to everything, as weft-proxy does; says what it holds from an earlier stream.</summary>
    public async Task SubscribeAsync(Node node, IReadOnlyDictionary<string, Dictionary<string, string>>? held = null)
    {
        bool isFirst = true;
        foreach (string typeUrl in XdsTypes.PushOrder)
        {
            var request = new DeltaDiscoveryRequest { TypeUrl = typeUrl, ResourceNamesSubscribe = { "*" }, Node = isFirst ? node : null };
            if (held is not null && held.TryGetValue(typeUrl, out Dictionary<string, string>? versions))
            {
                request.InitialResourceVersions.Add(versions);
            }

            await SendAsync(request);
            isFirst = false;
        }
    }

    public async Task<DeltaDiscoveryResponse> ReadAsync()
    {
        if (!await _call.ResponseStream.MoveNext(_limit.Token))
        {
            throw new InvalidOperationException("the stream has ended");
        }

        return _call.ResponseStream.Current;
    }

    /// <summary>Reads a whole push: up to the response whose digest has no plus.</summary>
    public async Task<List<DeltaDiscoveryResponse>> ReadPushAsync()
    {
        var responses = new List<DeltaDiscoveryResponse>();
        do
        {
            responses.Add(await ReadAsync());
        }
        while (responses[^1].SystemVersionInfo.EndsWith('+'));

        return responses;
    }

    public async Task AcknowledgeAsync(IEnumerable<DeltaDiscoveryResponse> responses)
    {
        foreach (DeltaDiscoveryResponse response in responses)
        {
            Dictionary<string, string> held = Held.TryGetValue(response.TypeUrl, out Dictionary<string, string>? known) ? known : Held[response.TypeUrl] = new(StringComparer.Ordinal);
            foreach (Resource resource in response.Resources)
            {
                held[resource.Name] = resource.Version;
            }

            foreach (string name in response.RemovedResources)
            {
                held.Remove(name);
            }

            await SendAsync(new DeltaDiscoveryRequest { TypeUrl = response.TypeUrl, ResponseNonce = response.Nonce });
        }
    }

    public async Task<List<DeltaDiscoveryResponse>> TakePushAsync()
    {
        List<DeltaDiscoveryResponse> push = await ReadPushAsync();
        await AcknowledgeAsync(push);
        return push;
    }

    /// <summary>Fails with the status that the server ended the stream with.</summary>
    public async Task<StatusCode> ReadStatusAsync()
    {
        try
        {
            while (await _call.ResponseStream.MoveNext(_limit.Token))
            {
            }
        }
        catch (RpcException exception)
        {
            return exception.StatusCode;
        }

        return StatusCode.OK;
    }

    public void Dispose()
    {
        _call.Dispose();
        _channel.Dispose();
        _limit.Dispose();
    }
}
