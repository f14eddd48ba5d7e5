using System.Collections.Immutable;

namespace Weft.Control.Model;

/// <summary>A named part of a service's endpoints, by labels, with settings of its own.</summary>
public sealed record SubsetPolicy(string Name, ImmutableSortedDictionary<string, string> Labels, ScopedTrafficSettings Traffic, Origin Origin);
