using System.Runtime.InteropServices;

namespace Weft.Policy.Model;

/// <summary>CircuitBreakers.Thresholds: counts across all loops of the proxy. Blittable: it lies in the block as it is.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct CircuitBreakerConfig(uint MaxConnections, uint MaxPendingRequests, uint MaxRequests, uint MaxRetries)
{
    /// <summary>Envoy's defaults, for what a message leaves out.</summary>
    public static CircuitBreakerConfig Default => new(1024, 1024, 1024, 3);

    public static CircuitBreakerConfig Unlimited => new(uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue);
}
