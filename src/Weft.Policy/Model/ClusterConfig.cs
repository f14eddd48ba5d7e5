using System.Collections.Generic;

namespace Weft.Policy.Model;

/// <summary>Cluster as written.</summary>
public sealed class ClusterConfig
{
    public string Name { get; set; } = "";

    public string AltStatName { get; set; } = "";

    public ClusterType Type { get; set; }

    /// <summary>eds_cluster_config.service_name; empty means <see cref="Name"/>.</summary>
    public string EdsServiceName { get; set; } = "";

    /// <summary>5 s when unset.</summary>
    public TimeLimit ConnectTimeout { get; set; }

    public LoadBalancingPolicy LoadBalancing { get; set; }

    /// <summary>least_request_lb_config.choice_count; 0 is unset (2).</summary>
    public uint ChoiceCount { get; set; }

    /// <summary>common_lb_config.healthy_panic_threshold in percent; null is unset.</summary>
    public double? HealthyPanicThreshold { get; set; }

    public CircuitBreakerConfig? CircuitBreaker { get; set; }

    public CircuitBreakerConfig? HighPriorityCircuitBreaker { get; set; }

    public RetryBudgetConfig? RetryBudget { get; set; }

    public UpstreamHttpProtocol HttpProtocol { get; set; }

    /// <summary>1 h when unset.</summary>
    public TimeLimit IdleTimeout { get; set; }

    public TimeLimit MaxConnectionDuration { get; set; }

    /// <summary>0 is no limit.</summary>
    public uint MaxRequestsPerConnection { get; set; }

    public TcpKeepaliveConfig? TcpKeepalive { get; set; }

    /// <summary>upstream_bind_config.source_address; <c>default</c> is unset.</summary>
    public IpPort BindSource { get; set; }

    public bool HasBindSource { get; set; }

    /// <summary>original_dst_lb_config.upstream_port_override; 0 is unset.</summary>
    public int UpstreamPortOverride { get; set; }

    /// <summary>load_assignment, for STATIC and DNS types.</summary>
    public EndpointSetConfig? Endpoints { get; set; }

    /// <summary>In order; the first whose criteria are a subset of the endpoint's wins. A plain transport_socket is one entry without criteria.</summary>
    public List<TransportSocketMatchConfig> TransportSockets { get; } = [];

    /// <summary>metadata.filter_metadata.istio.services.</summary>
    public List<ServiceMetadata> Services { get; } = [];

    /// <summary>metadata.filter_metadata.istio.subset.</summary>
    public string Subset { get; set; } = "";

    public List<Origin> Origins { get; } = [];
}
