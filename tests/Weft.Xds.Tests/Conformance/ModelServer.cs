using System;
using System.Collections.Generic;
using System.Linq;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Weft.Policy.Snapshot;
using Weft.Xds.Delta;
using Weft.Xds.Proto.Config.Cluster.V3;
using Weft.Xds.Proto.Config.Core.V3;
using Weft.Xds.Proto.Config.Endpoint.V3;
using Weft.Xds.Proto.Config.Listener.V3;
using Weft.Xds.Proto.Config.Route.V3;
using Weft.Xds.Proto.Extensions.Filters.Network.TcpProxy.V3;
using Weft.Xds.Proto.Service.Discovery.V3;

namespace Weft.Xds.Tests.Conformance;

/// <summary>The least server that keeps the delta rules (xds.md B.3), wired to our client without a network.</summary>
internal sealed class ModelServer : IDisposable
{
    private readonly Dictionary<string, SortedDictionary<string, string>> _resources = [];
    private readonly Dictionary<string, HashSet<string>> _subscribed = [];
    private readonly SnapshotStore _store = new();
    private readonly SnapshotAssembler _assembler;
    private readonly DeltaAdsClient _client;
    private readonly HashSet<string> _unanswered = [];
    private bool _isOpen;
    private int _nonce;

    public ModelServer()
    {
        _assembler = new SnapshotAssembler(_store);
        _client = new DeltaAdsClient(_assembler, []);
    }

    /// <summary>Names and versions of each response, in order.</summary>
    public List<(string Type, string Nonce, Dictionary<string, string> Versions, List<string> Removed)> Sent { get; } = [];

    public IReadOnlyDictionary<string, string> Held(string type) => _assembler.HeldVersions(type).ToDictionary(r => r.Key, r => r.Value);

    public bool IsEverythingAnsweredOnce => _unanswered.Count == 0;

    public void Put(string type, string name, string version)
    {
        Table(type)[name] = version;
        if (Names(type).Contains(name)) Respond(type, [name], []);
    }

    public void Remove(string type, string name)
    {
        Table(type).Remove(name);
        if (Names(type).Contains(name)) Respond(type, [], [name]);
    }

    public void Subscribe(string type, IReadOnlyList<string> names)
    {
        var request = _client.Subscribe(type, names);
        if (!_isOpen)
        {
            _isOpen = true;
            foreach (var first in _client.Open()) Receive(first);
        }
        else if (request is not null)
        {
            Receive(request);
        }
    }

    public void Unsubscribe(string type, IReadOnlyList<string> names) => Receive(_client.Unsubscribe(type, names)!);

    public void Dispose()
    {
        _assembler.Dispose();
        _store.Dispose();
    }

    private void Receive(DeltaRequest sent)
    {
        var request = DeltaDiscoveryRequest.Parser.ParseFrom(sent.ToBytes());
        if (request.ResponseNonce.Length > 0) Assert.True(_unanswered.Remove(request.ResponseNonce), $"{request.ResponseNonce} is answered twice");
        Assert.Null(request.ErrorDetail);
        Names(request.TypeUrl).ExceptWith(request.ResourceNamesUnsubscribe);
        if (request.ResourceNamesSubscribe.Count == 0) return;
        Names(request.TypeUrl).UnionWith(request.ResourceNamesSubscribe);
        var known = request.ResourceNamesSubscribe.Where(Table(request.TypeUrl).ContainsKey).ToList();
        Respond(request.TypeUrl, known, [.. request.ResourceNamesSubscribe.Except(known)]);
    }

    private void Respond(string type, List<string> names, List<string> removed)
    {
        var nonce = $"n{++_nonce}";
        var response = new DeltaDiscoveryResponse { TypeUrl = type, Nonce = nonce, SystemVersionInfo = nonce };
        foreach (var name in names)
        {
            var version = Table(type)[name];
            response.Resources.Add(new Resource { Name = name, Version = version, Resource_ = Any.Pack(Message(type, name, version)) });
        }

        response.RemovedResources.Add(removed);
        Sent.Add((type, nonce, response.Resources.ToDictionary(r => r.Name, r => r.Version), removed));
        _unanswered.Add(nonce);
        _client.OnResponse(response.ToByteArray(), out var answer);
        Receive(answer!);
    }

    private SortedDictionary<string, string> Table(string type) => _resources.TryGetValue(type, out var table) ? table : _resources[type] = [];

    private HashSet<string> Names(string type) => _subscribed.TryGetValue(type, out var names) ? names : _subscribed[type] = [];

    /// <summary>A valid resource that is different for each version.</summary>
    private static IMessage Message(string type, string name, string version) => type switch
    {
        XdsTypes.Cluster => new Cluster { Name = name, AltStatName = version },
        XdsTypes.ClusterLoadAssignment => new ClusterLoadAssignment { ClusterName = name, Policy = new() { OverprovisioningFactor = 100 + uint.Parse(version) } },
        XdsTypes.RouteConfiguration => new RouteConfiguration { Name = name, MaxDirectResponseBodySizeBytes = uint.Parse(version) },
        _ => new Listener
        {
            Name = name,
            Address = new Address { SocketAddress = new SocketAddress { Address = "127.0.0.1", PortValue = name[0] } },
            FilterChains = { new FilterChain { Filters = { new Filter { TypedConfig = Any.Pack(new TcpProxy { StatPrefix = version, Cluster = "x" }) } } } },
        },
    };
}
