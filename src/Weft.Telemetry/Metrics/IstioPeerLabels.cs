namespace Weft.Telemetry.Metrics;

/// <summary>One end of a connection as the metrics name it.</summary>
public sealed record IstioPeerLabels
{
    public static IstioPeerLabels UnknownPeer { get; } = new();

    public string Workload { get; init; } = IstioLabels.Unknown;

    public string WorkloadNamespace { get; init; } = IstioLabels.Unknown;

    /// <summary>The verified SPIFFE id.</summary>
    public string Principal { get; init; } = IstioLabels.Unknown;

    public string App { get; init; } = IstioLabels.Unknown;

    public string Version { get; init; } = IstioLabels.Unknown;

    public string CanonicalService { get; init; } = IstioLabels.Unknown;

    public string CanonicalRevision { get; init; } = "latest";

    public string Cluster { get; init; } = IstioLabels.Unknown;
}
