using System.Runtime.InteropServices;
using Weft.Policy.Model;

namespace Weft.Policy.Blocks;

/// <summary>An endpoint.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct EndpointRecord
{
    public IpAddress Address;
    public int Port;
    public uint Weight;
    public EndpointHealth Health;
    public uint Priority;
    public EndpointTlsMode TlsMode;
    public uint LocalityWeight;

    /// <summary>Three texts: region, zone, sub-zone; empty when unknown.</summary>
    public Run Locality;
    public Run SocketMatch;
    public Text Hostname;
    public Text Workload;
    public Run Origins;

    public readonly IpPort Endpoint => new(Address, Port);

    /// <summary>May receive new requests: UNKNOWN and HEALTHY (and DEGRADED, which we do not rank yet).</summary>
    public readonly bool IsReady => Health is EndpointHealth.Unknown or EndpointHealth.Healthy or EndpointHealth.Degraded;
}
