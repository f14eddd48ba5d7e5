using System.Collections.Immutable;

namespace Weft.Control.Model;

/// <summary>One ready address of a service.</summary>
/// <param name="Address">IPv4 or IPv6 as text.</param>
/// <param name="Hostname">Name of its own under a headless service, or empty.</param>
/// <param name="Workload">The pod behind it, or null when it is not ours.</param>
/// <param name="Locality">Where it runs.</param>
/// <param name="Ports">Port name → number at this address.</param>
public sealed record MeshEndpoint(string Address, string Hostname, MeshWorkload? Workload, Locality Locality, ImmutableSortedDictionary<string, int> Ports);
