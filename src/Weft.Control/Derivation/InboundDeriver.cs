using System.Collections.Generic;
using System.Linq;
using Weft.Config.Security;
using Weft.Control.Model;
using Weft.Xds.Proto.Config.Listener.V3;
using Weft.Xds.Proto.Config.Route.V3;

namespace Weft.Control.Derivation;

/// <summary>
/// The inbound side of a workload: one listener whose filter chains say what each port accepts (the matrix of xds.md A.1), and clusters to the workload itself. Pure; made once per scope and model.
/// </summary>
internal sealed class InboundDeriver(RoutingModel model, InboundScope scope)
{
    private const string CatchAllHttp = "virtualInbound-catchall-http";

    private readonly MetadataWriter _metadata = new(scope.Dialect, model.Settings);
    private readonly HttpManagers _managers = new(model.Settings, scope.Dialect);
    private readonly RouteDeriver _routes = new(model, scope.Dialect);
    private readonly Denial? _denial = model.Policies.DenialOf(scope.Namespace, scope.Labels);

    /// <summary>The listener and the clusters.</summary>
    public (XdsResource Listener, IEnumerable<XdsResource> Clusters) Derive()
    {
        List<InboundPort> ports = [.. InboundPort.Of(model, scope)];
        var listener = new Listener
        {
            Name = Names.VirtualInbound,
            Address = ListenerParts.Address("0.0.0.0", Names.InboundPort),
            TrafficDirection = Xds.Proto.Config.Core.V3.TrafficDirection.Inbound,
            Metadata = _metadata.OriginsAndKey(Origin.MeshDefault("inbound")),
        };
        listener.FilterChains.Add(new FilterChain
        {
            // A connection to the capture port itself would come back here for ever.
            Name = "virtualInbound-blackhole",
            FilterChainMatch = ListenerParts.Match(Names.InboundPort),
            Filters = { _managers.Tcp(Names.BlackHole, Names.BlackHole) },
            Metadata = _metadata.Origins(Origin.MeshDefault("inbound")),
        });

        listener.FilterChains.AddRange(ChainsOf(CatchAll(0)));
        HashSet<int> declared = [.. ports.Select(p => p.TargetPort)];
        foreach (int port in model.Policies.PortsWithModes(scope.Namespace, scope.Labels).Where(p => !declared.Contains(p)))
        {
            listener.FilterChains.AddRange(ChainsOf(CatchAll(port)));
        }

        List<PortPlan> plans = [.. ports.Select(Plan)];
        foreach (PortPlan plan in plans)
        {
            listener.FilterChains.AddRange(ChainsOf(plan));
        }

        ListenerParts.SetDetection(listener, model.Settings, scope.Dialect);
        listener.ListenerFilters.Add(ListenerParts.OriginalDst());
        listener.ListenerFilters.Add(ListenerParts.TlsInspector([Names.InboundPort, .. plans.Where(p => p.Mode == MutualTlsMode.Disable).Select(p => p.Port)]));
        listener.ListenerFilters.Add(ListenerParts.HttpInspector(
            [Names.InboundPort, .. plans.Where(p => p.Protocol != WireProtocol.Auto || p.Mode == MutualTlsMode.Strict).Select(p => p.Port)]));
        return (XdsResource.Of(Names.VirtualInbound, listener), Clusters(ports));
    }

    private IEnumerable<XdsResource> Clusters(List<InboundPort> ports)
    {
        var derive = new ClusterDeriver(model, scope.Dialect);
        yield return derive.InboundPassthrough();
        foreach (InboundPort port in ports)
        {
            HostPolicy? policy = model.Policies.HostPolicyFor(scope.Namespace, scope.Labels, port.Service.Host, port.Service.Namespace);
            yield return derive.Inbound(port.TargetPort, port.Service, port.Port, policy?.Effective(port.Port.Number, null) ?? TrafficSettings.Unset);
        }
    }

    /// <summary>All that the chains of a port need to know.</summary>
    private sealed record PortPlan(int Port, string HttpName, string TcpName, MutualTlsMode Mode, WireProtocol Protocol, Filter Http, Filter Tcp, Origin Origin, Origin ModeOrigin);

    private PortPlan Plan(InboundPort port)
    {
        (MutualTlsMode mode, Origin modeOrigin) = model.Policies.PeerModeFor(scope.Namespace, scope.Labels, port.TargetPort);
        string cluster = Names.InboundCluster(port.TargetPort);
        string name = Names.Listener("0.0.0.0", port.TargetPort);
        var routes = new RouteConfiguration { Name = cluster, ValidateClusters = false };
        routes.VirtualHosts.Add(_routes.Inbound(
            cluster,
            $"inbound|http|{port.Port.Number}",
            $"{port.Service.Host}:{port.Port.Number}/*",
            mayRetry: !IsGrpc(port.Port),
            isDenied: _denial is not null,
            port.Port.Origin,
            _denial?.Origin));
        return new PortPlan(
            port.TargetPort,
            name,
            name,
            mode,
            WireProtocols.Of(port.Port.Protocol, scope.Dialect),
            _managers.Inbound($"inbound_{name};", routes),
            _managers.Tcp(_denial is null ? cluster : Names.BlackHole, cluster),
            port.Port.Origin,
            modeOrigin);
    }

    /// <summary>Ports that no service describes: sniffed, and handed to the workload under the mode of the workload or of that port.</summary>
    private PortPlan CatchAll(int port)
    {
        (MutualTlsMode mode, Origin modeOrigin) = model.Policies.PeerModeFor(scope.Namespace, scope.Labels, port);
        var routes = new RouteConfiguration { Name = Names.InboundPassthrough, ValidateClusters = false };
        routes.VirtualHosts.Add(_routes.Inbound(
            Names.InboundPassthrough, "inbound|http|0", ":0/*", mayRetry: true, isDenied: _denial is not null, Origin.MeshDefault("inbound"), _denial?.Origin));
        return new PortPlan(
            port,
            CatchAllHttp,
            Names.VirtualInbound,
            mode,
            WireProtocol.Auto,
            _managers.Inbound(Names.InboundPassthrough + ";", routes),
            _managers.Tcp(_denial is null ? Names.InboundPassthrough : Names.BlackHole, Names.InboundPassthrough),
            Origin.MeshDefault("inbound"),
            modeOrigin);
    }

    /// <summary>The match matrix of xds.md A.1, row by row.</summary>
    private IEnumerable<FilterChain> ChainsOf(PortPlan plan)
    {
        string[] plaintextHttp = ListenerParts.PlaintextHttp(scope.Dialect);
        bool isPlain = plan.Mode == MutualTlsMode.Disable;
        bool isStrict = plan.Mode == MutualTlsMode.Strict;
        switch (plan.Protocol)
        {
            case WireProtocol.Http1 or WireProtocol.Http2:
                if (!isPlain)
                {
                    yield return Http(plan, isTls: true, ListenerParts.Tls, isStrict ? [] : ListenerParts.MeshAlpn);
                }

                if (!isStrict)
                {
                    yield return Http(plan, isTls: false, ListenerParts.RawBuffer);
                }

                break;

            case WireProtocol.Tcp:
                if (!isPlain)
                {
                    yield return Tcp(plan, isTls: true, ListenerParts.Tls, isStrict ? [] : ListenerParts.MeshAlpn);
                }

                if (!isStrict)
                {
                    yield return Tcp(plan, isTls: false, ListenerParts.RawBuffer);
                }

                if (!isPlain && !isStrict)
                {
                    yield return Tcp(plan, isTls: false, ListenerParts.Tls);
                }

                break;

            default:
                if (!isPlain)
                {
                    yield return Http(plan, isTls: true, ListenerParts.Tls, ListenerParts.MeshHttpAlpn(scope.Dialect));
                }

                if (!isStrict)
                {
                    yield return Http(plan, isTls: false, ListenerParts.RawBuffer, plaintextHttp);
                }

                if (!isPlain)
                {
                    yield return Tcp(plan, isTls: true, ListenerParts.Tls, isStrict ? [] : ListenerParts.MeshTcpAlpn);
                }

                if (!isStrict)
                {
                    yield return Tcp(plan, isTls: false, ListenerParts.RawBuffer);
                }

                if (!isPlain && !isStrict)
                {
                    yield return Tcp(plan, isTls: false, ListenerParts.Tls);
                }

                break;
        }
    }

    private FilterChain Http(PortPlan plan, bool isTls, string transport, params IEnumerable<string> protocols) =>
        Chain(plan, plan.HttpName, plan.Http, isTls, isHttp: true, ListenerParts.Match(plan.Port, transport, protocols));

    private FilterChain Tcp(PortPlan plan, bool isTls, string transport, params IEnumerable<string> protocols) =>
        Chain(plan, plan.TcpName, plan.Tcp, isTls, isHttp: false, ListenerParts.Match(plan.Port, transport, protocols));

    private FilterChain Chain(PortPlan plan, string name, Filter filter, bool isTls, bool isHttp, FilterChainMatch match) => new()
    {
        Name = name,
        FilterChainMatch = match,
        Filters = { filter },
        TransportSocket = isTls ? TlsContexts.Downstream(model.Settings, isHttp, scope.Dialect) : null,
        Metadata = _metadata.Origins(plan.Origin, plan.ModeOrigin, _denial?.Origin),
    };

    private static bool IsGrpc(MeshPort port) => port.Protocol is Config.PortProtocol.Grpc or Config.PortProtocol.GrpcWeb;
}
