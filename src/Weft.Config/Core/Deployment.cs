namespace Weft.Config.Core;

/// <summary>An apps/v1 Deployment: turned into pods by Kubernetes or by <c>weft up</c>, never read by <c>weftd</c>.</summary>
public sealed record Deployment
{
    public int Replicas { get; init; } = 1;

    public LabelSelector Selector { get; init; } = LabelSelector.Nothing;

    public PodTemplate Template { get; init; } = new();

    public DeploymentStrategy Strategy { get; init; } = new();

    public int MinReadySeconds { get; init; }

    public bool Paused { get; init; }
}

/// <summary>What every pod of a workload looks like.</summary>
public sealed record PodTemplate
{
    /// <summary>Labels and annotations; name and namespace are empty.</summary>
    public ObjectMeta Metadata { get; init; } = new();

    public PodSpec Spec { get; init; } = new();
}

public sealed record DeploymentStrategy
{
    /// <summary>RollingUpdate or Recreate.</summary>
    public string Type { get; init; } = "RollingUpdate";

    public IntOrString MaxSurge { get; init; } = new(0, "25%");

    public IntOrString MaxUnavailable { get; init; } = new(0, "25%");
}
