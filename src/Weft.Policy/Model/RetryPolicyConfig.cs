using System.Collections.Generic;

namespace Weft.Policy.Model;

/// <summary>RetryPolicy as written.</summary>
public sealed class RetryPolicyConfig
{
    public RetryOn RetryOn { get; set; }

    /// <summary>1 when the message leaves it out.</summary>
    public uint NumRetries { get; set; } = 1;

    public TimeLimit PerTryTimeout { get; set; }

    public TimeLimit PerTryIdleTimeout { get; set; }

    public List<int> RetriableStatusCodes { get; } = [];

    /// <summary>25 ms when unset.</summary>
    public TimeLimit BackOffBase { get; set; }

    /// <summary>10 × base when unset.</summary>
    public TimeLimit BackOffMax { get; set; }

    /// <summary>retry_host_predicate envoy.retry_host_predicates.previous_hosts.</summary>
    public bool ExcludePreviousHosts { get; set; }

    /// <summary>1 when the message leaves it out.</summary>
    public uint HostSelectionMaxAttempts { get; set; } = 1;
}
