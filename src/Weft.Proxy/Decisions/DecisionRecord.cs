using Weft.Policy.Snapshot;
using Weft.Telemetry;

namespace Weft.Proxy.Decisions;

/// <summary>
/// What was decided for one request, in ids and verdicts: enough for <c>weft why</c> to say the rest from the snapshot of that digest.
/// Blittable but for two references to long-lived objects; a ring of them is written without allocation.
/// </summary>
internal struct DecisionRecord
{
    /// <summary>First 48 bytes of the request id.</summary>
    public RequestIdText RequestId;

    /// <summary>Digest of the deciding snapshot.</summary>
    public string Digest;

    /// <summary>Cluster that was chosen; null: none.</summary>
    public string? Cluster;
    public long StartMicroseconds;
    public int DurationMicroseconds;
    public ResourceId Listener;
    public int FilterChain;
    public int VirtualHostSlot;
    public int Route;
    public int WeightedCluster;
    public uint EndpointSequence;
    public Weft.Policy.IpPort Endpoint;
    public short Status;
    public byte Attempts;
    public ResponseFlags Flags;

    /// <summary>Bytes kept inline, so that a record is one piece of memory.</summary>
    [System.Runtime.CompilerServices.InlineArray(48)]
    public struct RequestIdText
    {
        private byte _first;
    }
}
