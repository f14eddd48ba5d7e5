namespace Weft.Telemetry.Metrics;

/// <summary>
/// What a loop knows of a label set without its text: ids of the peer, the destination, the code and the flags, packed by the caller so that
/// equal keys mean equal labels.
/// </summary>
public readonly record struct SeriesKey(ulong High, ulong Low);
