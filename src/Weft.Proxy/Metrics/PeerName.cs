using System.Text;
using Weft.Telemetry.Metrics;

namespace Weft.Proxy.Metrics;

/// <summary>
/// One end of a connection as metrics and logs name it: interned, so that a small number stands for all its labels. What is not proven reads
/// <c>unknown</c>. Immutable; lives as long as the process (there are as many as peers were ever seen, and the metric registry is bounded).
/// </summary>
internal sealed class PeerName(int id, IstioPeerLabels labels)
{
    /// <summary>Stands for the labels in a <see cref="SeriesKey"/>.</summary>
    public int Id { get; } = id;
    public IstioPeerLabels Labels { get; } = labels;

    /// <summary>Verified SPIFFE id in UTF-8; empty: none.</summary>
    public byte[] Principal { get; } = labels.Principal == IstioLabels.Unknown ? [] : Encoding.UTF8.GetBytes(labels.Principal);

    /// <summary>True when the address and the identity named one workload.</summary>
    public bool IsWorkloadKnown { get; } = labels.Workload != IstioLabels.Unknown;
}
