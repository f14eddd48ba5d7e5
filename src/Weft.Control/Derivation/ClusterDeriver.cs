using System;
using System.Collections.Generic;
using System.Linq;
using Google.Protobuf.WellKnownTypes;
using Weft.Config.Security;
using Weft.Control.Model;
using Weft.Xds.Proto.Config.Cluster.V3;
using Weft.Xds.Proto.Config.Core.V3;
using Weft.Xds.Proto.Config.Endpoint.V3;
using LbPolicy = Weft.Xds.Proto.Config.Cluster.V3.Cluster.Types.LbPolicy;
using DiscoveryType = Weft.Xds.Proto.Config.Cluster.V3.Cluster.Types.DiscoveryType;
using HttpOptions = Weft.Xds.Proto.Extensions.Upstreams.Http.V3.HttpProtocolOptions;
using Origin = Weft.Control.Model.Origin;

namespace Weft.Control.Derivation;

/// <summary>Clusters: one per service port and subset that a scope may use, and the specials (xds.md A.2). Pure.</summary>
internal sealed class ClusterDeriver(RoutingModel model, Dialect dialect)
{
    private const string HttpOptionsKey = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

    /// <summary>Envoy's default is 1024; "no limit" is Istio's choice, because small ones turned rollouts into 503s.</summary>
    private const uint Unlimited = uint.MaxValue;

    private readonly MetadataWriter _metadata = new(dialect, model.Settings);

    /// <summary>The clusters of one service port: without and with each subset of the policy.</summary>
    public IEnumerable<XdsResource> OfPort(MeshService service, MeshPort port, HostPolicy? policy, ProxyKind kind)
    {
        yield return Outbound(service, port, policy, null, kind);
        foreach (SubsetPolicy subset in policy?.Subsets ?? [])
        {
            yield return Outbound(service, port, policy, subset, kind);
        }
    }

    /// <summary>True when the proxy picks among endpoints that we send, false when it goes where the client wanted.</summary>
    public static bool UsesEndpoints(MeshService service, TrafficSettings traffic, ProxyKind kind) =>
        traffic.LoadBalancer != LoadBalancer.Passthrough && (!service.IsHeadless || kind == ProxyKind.Router);

    private XdsResource Outbound(MeshService service, MeshPort port, HostPolicy? policy, SubsetPolicy? subset, ProxyKind kind)
    {
        TrafficSettings traffic = policy?.Effective(port.Number, subset) ?? TrafficSettings.Unset;
        WireProtocol protocol = WireProtocols.Of(port.Protocol, dialect);
        string name = Names.OutboundCluster(port.Number, subset?.Name ?? "", service.Host);
        var cluster = new Cluster
        {
            Name = name,
            AltStatName = name + ";",
            ConnectTimeout = Duration.FromTimeSpan(traffic.ConnectionPool?.ConnectTimeout ?? model.Settings.ConnectTimeout),
        };

        if (UsesEndpoints(service, traffic, kind))
        {
            cluster.Type = DiscoveryType.Eds;
            cluster.EdsClusterConfig = new Cluster.Types.EdsClusterConfig { EdsConfig = TlsContexts.FromAds(), ServiceName = name };
            cluster.LbPolicy = traffic.LoadBalancer switch
            {
                LoadBalancer.RoundRobin => LbPolicy.RoundRobin,
                LoadBalancer.Random => LbPolicy.Random,
                _ => LbPolicy.LeastRequest,
            };
        }
        else
        {
            cluster.Type = DiscoveryType.OriginalDst;
            cluster.LbPolicy = LbPolicy.ClusterProvided;
        }

        ApplyLimits(cluster, traffic.ConnectionPool, protocol);
        Origin? tlsOrigin = ApplyTls(cluster, service, port, subset, traffic, protocol);
        cluster.Metadata = Describe(service, subset, policy, _metadata.Origins(
            port.Origin,
            subset?.Origin,
            traffic.LoadBalancerOrigin,
            traffic.ConnectionPool?.Origin,
            tlsOrigin));
        return XdsResource.Of(name, cluster);
    }

    /// <summary>
    /// A DestinationRule that speaks of TLS decides. Else automatic: mutual TLS to endpoints whose label says that they can, plaintext to the rest. Returns who decided.
    /// </summary>
    private Origin? ApplyTls(Cluster cluster, MeshService service, MeshPort port, SubsetPolicy? subset, TrafficSettings traffic, WireProtocol protocol)
    {
        ServiceEndpoints endpoints = model.EndpointsOf(service);
        IEnumerable<string> ids = endpoints.ServiceAccounts.Select(a => model.Settings.SpiffeId(a.Namespace, a.ServiceAccount));
        string sni = Names.Sni(port.Number, subset?.Name ?? "", service.Host);
        if (traffic.Tls is { } mode)
        {
            if (mode == ClientTls.IstioMutual)
            {
                cluster.TransportSocket = TlsContexts.Upstream(sni, ids, protocol);
            }

            return traffic.TlsOrigin;
        }

        (MutualTlsMode serverMode, Origin origin) = model.Policies.PeerModeOfNamespace(service.Namespace);
        if (serverMode == MutualTlsMode.Disable)
        {
            return origin.At(origin.FieldPath, "tls");
        }

        if (cluster.Type == DiscoveryType.OriginalDst)
        {
            // There are no endpoint labels to look at when the connection is made, so all or nothing (istio.md 1.6). Unlike Istio a port level DISABLE counts too.
            bool all = !endpoints.All.IsEmpty && endpoints.Select(port.Name, subset).All(e => EndpointDeriver.AcceptsMutualTls(model, e.Endpoint, e.Port));
            if (all)
            {
                cluster.TransportSocket = TlsContexts.Upstream(sni, ids, protocol);
            }

            return Origin.MeshDefault("enableAutoMtls", "tls");
        }

        cluster.TransportSocketMatches.Add(new Cluster.Types.TransportSocketMatch
        {
            Name = "tlsMode-istio",
            Match = new Struct { Fields = { ["tlsMode"] = Value.ForString("istio") } },
            TransportSocket = TlsContexts.Upstream(sni, ids, protocol),
        });
        cluster.TransportSocketMatches.Add(new Cluster.Types.TransportSocketMatch { Name = "tlsMode-disabled", Match = new Struct(), TransportSocket = TlsContexts.RawBuffer() });
        return Origin.MeshDefault("enableAutoMtls", "tls");
    }

    private static void ApplyLimits(Cluster cluster, ConnectionLimits? limits, WireProtocol protocol)
    {
        cluster.CircuitBreakers = new CircuitBreakers
        {
            Thresholds =
            {
                new CircuitBreakers.Types.Thresholds
                {
                    MaxConnections = limits?.MaxConnections ?? Unlimited,
                    MaxPendingRequests = limits?.MaxPendingRequests ?? Unlimited,
                    MaxRequests = limits?.MaxRequests ?? Unlimited,
                    MaxRetries = limits?.MaxRetries ?? Unlimited,
                },
            },
        };

        if (limits?.Keepalive is { } keepalive)
        {
            cluster.UpstreamConnectionOptions = new UpstreamConnectionOptions
            {
                TcpKeepalive = new TcpKeepalive
                {
                    KeepaliveProbes = keepalive.Probes,
                    KeepaliveTime = Seconds(keepalive.Time),
                    KeepaliveInterval = Seconds(keepalive.Interval),
                },
            };
        }

        Xds.Proto.Config.Core.V3.HttpProtocolOptions? common = CommonHttpOptions(limits);
        if (common is null && protocol != WireProtocol.Http2 && protocol != WireProtocol.Auto)
        {
            return;
        }

        var options = new HttpOptions { CommonHttpProtocolOptions = common };
        switch (protocol)
        {
            case WireProtocol.Http2:
                options.ExplicitHttpConfig = new HttpOptions.Types.ExplicitHttpConfig { Http2ProtocolOptions = new Http2ProtocolOptions() };
                break;
            case WireProtocol.Auto:
                options.UseDownstreamProtocolConfig = new HttpOptions.Types.UseDownstreamHttpConfig
                {
                    HttpProtocolOptions = new Http1ProtocolOptions(),
                    Http2ProtocolOptions = new Http2ProtocolOptions(),
                };
                break;
            default:
                options.ExplicitHttpConfig = new HttpOptions.Types.ExplicitHttpConfig { HttpProtocolOptions = new Http1ProtocolOptions() };
                break;
        }

        cluster.TypedExtensionProtocolOptions[HttpOptionsKey] = MetadataWriter.Pack(options);
    }

    private static Xds.Proto.Config.Core.V3.HttpProtocolOptions? CommonHttpOptions(ConnectionLimits? limits)
    {
        TimeSpan? idle = limits?.HttpIdleTimeout ?? limits?.TcpIdleTimeout;
        if (limits is null || (idle is null && limits.MaxRequestsPerConnection is null && limits.MaxConnectionDuration is null))
        {
            return null;
        }

        return new Xds.Proto.Config.Core.V3.HttpProtocolOptions
        {
            IdleTimeout = idle is { } time ? Duration.FromTimeSpan(time) : null,
            MaxRequestsPerConnection = limits.MaxRequestsPerConnection,
            MaxConnectionDuration = limits.MaxConnectionDuration is { } life ? Duration.FromTimeSpan(life) : null,
        };
    }

    /// <summary>What nobody knows: goes where the client wanted, in plaintext.</summary>
    public XdsResource Passthrough() => XdsResource.Of(Names.Passthrough, OriginalDestination(Names.Passthrough, Names.Passthrough, model.Settings.ConnectTimeout));

    /// <summary>No endpoint, on purpose.</summary>
    public XdsResource BlackHole() => XdsResource.Of(Names.BlackHole, new Cluster
    {
        Name = Names.BlackHole,
        AltStatName = Names.BlackHole + ";",
        Type = DiscoveryType.Static,
        ConnectTimeout = Duration.FromTimeSpan(model.Settings.ConnectTimeout),
        LoadAssignment = new ClusterLoadAssignment { ClusterName = Names.BlackHole },
    });

    /// <summary>From the inbound side to the workload on an address nobody described.</summary>
    public XdsResource InboundPassthrough()
    {
        Cluster cluster = OriginalDestination(Names.InboundPassthrough, Names.Passthrough, model.Settings.ConnectTimeout);
        cluster.UpstreamBindConfig = LoopbackSource();
        return XdsResource.Of(Names.InboundPassthrough, cluster);
    }

    /// <summary>From the inbound side to a port of the workload. The server's own limits are those that its DestinationRule sets.</summary>
    public XdsResource Inbound(int targetPort, MeshService service, MeshPort port, TrafficSettings traffic)
    {
        string name = Names.InboundCluster(targetPort);
        var cluster = new Cluster
        {
            Name = name,
            AltStatName = name + ";",
            Type = DiscoveryType.OriginalDst,
            LbPolicy = LbPolicy.ClusterProvided,
            ConnectTimeout = Duration.FromTimeSpan(traffic.ConnectionPool?.ConnectTimeout ?? model.Settings.ConnectTimeout),
            UpstreamBindConfig = LoopbackSource(),
        };
        ApplyLimits(cluster, traffic.ConnectionPool, WireProtocols.Of(port.Protocol, dialect));
        cluster.Metadata = Describe(service, null, null, _metadata.Origins(port.Origin, traffic.ConnectionPool?.Origin));
        return XdsResource.Of(name, cluster);
    }

    private static Cluster OriginalDestination(string name, string statName, TimeSpan connectTimeout)
    {
        var cluster = new Cluster
        {
            Name = name,
            AltStatName = statName + ";",
            Type = DiscoveryType.OriginalDst,
            LbPolicy = LbPolicy.ClusterProvided,
            ConnectTimeout = Duration.FromTimeSpan(connectTimeout),
        };
        ApplyLimits(cluster, null, WireProtocol.Tcp);
        cluster.TypedExtensionProtocolOptions[HttpOptionsKey] = MetadataWriter.Pack(new HttpOptions
        {
            // Connections to strangers are not kept as long as those within the mesh.
            CommonHttpProtocolOptions = new Xds.Proto.Config.Core.V3.HttpProtocolOptions { IdleTimeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(300)) },
            UseDownstreamProtocolConfig = new HttpOptions.Types.UseDownstreamHttpConfig
            {
                HttpProtocolOptions = new Http1ProtocolOptions(),
                Http2ProtocolOptions = new Http2ProtocolOptions(),
            },
        });
        return cluster;
    }

    /// <summary>The address by which redirection rules know that a connection comes from the proxy (xds.md A.1).</summary>
    private static BindConfig LoopbackSource() => new() { SourceAddress = new SocketAddress { Address = "127.0.0.6", PortValue = 0 } };

    /// <summary>Istio's words about where a cluster comes from; metrics are labelled by them.</summary>
    private static Metadata Describe(MeshService service, SubsetPolicy? subset, HostPolicy? policy, Metadata? metadata)
    {
        metadata ??= new Metadata();
        var istio = new Struct();
        if (policy is not null)
        {
            istio.Fields["config"] = Value.ForString($"/apis/networking.istio.io/v1/namespaces/{policy.Namespace}/destination-rule/{policy.Name}");
        }

        if (subset is not null)
        {
            istio.Fields["subset"] = Value.ForString(subset.Name);
        }

        istio.Fields["services"] = Value.ForList(Value.ForStruct(new Struct
        {
            Fields =
            {
                ["host"] = Value.ForString(service.Host),
                ["name"] = Value.ForString(service.Name),
                ["namespace"] = Value.ForString(service.Namespace),
            },
        }));
        metadata.FilterMetadata["istio"] = istio;
        return metadata;
    }

    private static uint? Seconds(TimeSpan? time) => time is { } value ? (uint)Math.Max(1, value.TotalSeconds) : null;
}
