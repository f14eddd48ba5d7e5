using System.Collections.Generic;

namespace Weft.Config;

/// <summary>All objects of one text.</summary>
/// <param name="Objects">One per document (and per item of a List).</param>
/// <param name="Diagnostics">Problems of syntax, that belong to no object.</param>
/// <param name="IsIncomplete">At least one document could not be read: the text may hold objects that we do not see.</param>
public sealed record ReadSet(IReadOnlyList<ReadResult> Objects, IReadOnlyList<Diagnostic> Diagnostics, bool IsIncomplete)
{
    /// <summary>Problems of syntax and of all objects.</summary>
    public IEnumerable<Diagnostic> AllDiagnostics
    {
        get
        {
            foreach (Diagnostic diagnostic in Diagnostics)
            {
                yield return diagnostic;
            }

            foreach (ReadResult result in Objects)
            {
                foreach (Diagnostic diagnostic in result.Diagnostics)
                {
                    yield return diagnostic;
                }
            }
        }
    }
}
