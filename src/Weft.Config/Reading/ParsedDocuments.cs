using System.Collections.Generic;

namespace Weft.Config;

/// <summary>What a reader found: the documents that could be read and everything that was wrong.</summary>
/// <param name="Documents">Non-empty documents in order.</param>
/// <param name="Diagnostics">Problems of syntax; each document with an error is missing from <paramref name="Documents"/>.</param>
public sealed record ParsedDocuments(IReadOnlyList<ResourceNode> Documents, IReadOnlyList<Diagnostic> Diagnostics)
{
    /// <summary>True when at least one document could not be read at all, so that the file may hold objects we do not see.</summary>
    public bool IsIncomplete { get; init; }
}
