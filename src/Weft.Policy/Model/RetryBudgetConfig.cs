using System.Runtime.InteropServices;

namespace Weft.Policy.Model;

/// <summary>CircuitBreakers.Thresholds.retry_budget: retries allowed while fewer than max(MinConcurrency, Percent of active and pending requests).</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct RetryBudgetConfig(double Percent, uint MinConcurrency)
{
    /// <summary>20 % and 3: Envoy's, and what we apply where nothing is configured (field.md, retry amplification).</summary>
    public static RetryBudgetConfig Default => new(20, 3);
}
