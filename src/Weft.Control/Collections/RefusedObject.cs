using System.Collections.Generic;
using Weft.Config;

namespace Weft.Control.Collections;

/// <summary>An object that was not taken.</summary>
/// <param name="Key">Which.</param>
/// <param name="Resource">What could be read of it, or null.</param>
/// <param name="Diagnostics">Why, and what to do.</param>
/// <param name="HasLastGood">True when an earlier version keeps serving.</param>
public sealed record RefusedObject(ObjectKey Key, Resource? Resource, IReadOnlyList<Diagnostic> Diagnostics, bool HasLastGood);
