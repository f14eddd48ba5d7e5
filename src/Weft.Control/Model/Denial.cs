using System.Collections.Immutable;

namespace Weft.Control.Model;

/// <summary>
/// Workloads to which nothing gets through, because an AuthorizationPolicy that selects them could not be taken (design section 5: it denies what it selects; an unreadable selector means the namespace).
/// </summary>
/// <param name="Namespace">Namespace of the policy; the root namespace means every namespace.</param>
/// <param name="Selector">Null = all workloads of the namespace.</param>
/// <param name="Origin">The refused object.</param>
public sealed record Denial(string Namespace, ImmutableSortedDictionary<string, string>? Selector, Origin Origin);
