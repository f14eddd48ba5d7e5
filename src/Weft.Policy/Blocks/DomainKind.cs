namespace Weft.Policy.Blocks;

/// <summary>The four forms of a virtual host's domain.</summary>
internal enum DomainKind { Exact, Suffix, Prefix, Any }
