using System.Collections.Generic;
using System.Linq;

namespace Weft.Config;

/// <summary>What came of reading one object.</summary>
/// <param name="Resource">
/// The object, also when it is refused (<see cref="IsRefused"/>), so that a caller can see whom it selects; null only when not even its envelope could be read.
/// </param>
/// <param name="Diagnostics">All problems, in the order of the text.</param>
public sealed record ReadResult(Resource? Resource, IReadOnlyList<Diagnostic> Diagnostics)
{
    /// <summary>True when any problem is an error: the object must not be applied, its last good version keeps serving.</summary>
    public bool IsRefused => Diagnostics.Any(d => d.Severity == DiagnosticSeverity.Error);
}
