using System.Collections.Generic;

namespace Weft.Config.Core;

/// <summary>A Namespace; its labels are in the metadata.</summary>
public sealed record Namespace
{
    /// <summary><c>Active</c> or <c>Terminating</c>; empty when unknown.</summary>
    public string Phase { get; init; } = "";
}

/// <summary>A Node; region and zone are labels in the metadata.</summary>
public sealed record Node
{
    public IReadOnlyList<NodeAddress> Addresses { get; init; } = [];
}

/// <summary>One address of a node: InternalIP, ExternalIP or Hostname.</summary>
public sealed record NodeAddress(string Type, string Address);

/// <summary>A Pod: what it should run, and what became of it.</summary>
public sealed record Pod
{
    public PodSpec Spec { get; init; } = new();

    public PodStatus Status { get; init; } = new();
}

/// <summary>The part of a pod's spec that a mesh needs.</summary>
public sealed record PodSpec
{
    /// <summary>Never empty: <c>default</c> when not written.</summary>
    public string ServiceAccountName { get; init; } = "default";

    public string NodeName { get; init; } = "";

    public bool HostNetwork { get; init; }

    public string? Hostname { get; init; }

    public string? Subdomain { get; init; }

    public IReadOnlyList<Container> Containers { get; init; } = [];

    public IReadOnlyList<Container> InitContainers { get; init; } = [];

    /// <summary>Seconds between SIGTERM and SIGKILL; Kubernetes' default 30.</summary>
    public int TerminationGracePeriodSeconds { get; init; } = 30;

    /// <summary>The whole spec as written, so that a pod made from a template loses nothing.</summary>
    public ResourceNode Node { get; init; } = ResourceNode.Null;
}

/// <summary>What a pod reports.</summary>
public sealed record PodStatus
{
    public string Phase { get; init; } = "";

    public string PodIP { get; init; } = "";

    public IReadOnlyList<string> PodIPs { get; init; } = [];

    public string HostIP { get; init; } = "";

    public IReadOnlyList<PodCondition> Conditions { get; init; } = [];

    /// <summary>The condition <c>Ready</c> is <c>True</c>.</summary>
    public bool IsReady
    {
        get
        {
            foreach (PodCondition condition in Conditions)
            {
                if (condition.Type == "Ready")
                {
                    return condition.Status == "True";
                }
            }

            return false;
        }
    }
}

public sealed record PodCondition(string Type, string Status, string Reason = "", string Message = "");
