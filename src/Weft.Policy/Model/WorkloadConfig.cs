using System.Collections.Generic;

namespace Weft.Policy.Model;

/// <summary><c>istio.workload.Workload</c>: who has an address. Used for a peer's name only when the verified SPIFFE id agrees.</summary>
public sealed class WorkloadConfig
{
    public string Uid { get; set; } = "";

    public List<IpAddress> Addresses { get; } = [];

    public string Name { get; set; } = "";

    public string Namespace { get; set; } = "";

    public string ServiceAccount { get; set; } = "";

    public string TrustDomain { get; set; } = "";

    public string WorkloadName { get; set; } = "";

    public string CanonicalName { get; set; } = "";

    public string CanonicalRevision { get; set; } = "";

    public string App { get; set; } = "";

    public string Version { get; set; } = "";

    public string ClusterId { get; set; } = "";
}
