namespace Weft.Proxy.Bootstrap;

/// <summary>What kind of proxy this process is, in Istio's node-id words.</summary>
public enum ProxyRole
{
    /// <summary>Beside one workload: captures its outbound (15001) and inbound (15006) connections.</summary>
    Sidecar,

    /// <summary>A gateway: binds the ports its listeners name, captures nothing.</summary>
    Router,
}
