using System.Collections.Generic;
using Weft.Config;

namespace Weft.Store;

/// <summary>What a directory says. Immutable.</summary>
/// <param name="Revision">Counts reads that changed something; 1 is the first.</param>
/// <param name="StoreRevision">The store's revision after the read: <c>weft wait</c> waits for it.</param>
/// <param name="Files">Files read, as reported in diagnostics, ordered.</param>
/// <param name="Objects">Objects of the files that are in the store, last good versions included.</param>
/// <param name="Refused">Objects with an error; their last good version, if any, stays in the store.</param>
/// <param name="Diagnostics">Everything worth saying, ordered by file and place.</param>
public sealed record DirectoryState(
    long Revision,
    long StoreRevision,
    IReadOnlyList<string> Files,
    IReadOnlyList<ObjectKey> Objects,
    IReadOnlyList<ObjectKey> Refused,
    IReadOnlyList<Diagnostic> Diagnostics)
{
    /// <summary>True when everything on disk is applied: no error anywhere, syntax included.</summary>
    public bool IsClean
    {
        get
        {
            foreach (Diagnostic diagnostic in Diagnostics)
            {
                if (diagnostic.Severity == DiagnosticSeverity.Error)
                {
                    return false;
                }
            }

            return true;
        }
    }
}
