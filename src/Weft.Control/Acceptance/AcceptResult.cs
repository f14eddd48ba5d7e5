using System.Collections.Generic;
using Weft.Config;
using Weft.Control.Collections;

namespace Weft.Control.Acceptance;

/// <summary>What came of one batch.</summary>
/// <param name="State">The accepted set after it.</param>
/// <param name="Scope">The widest change.</param>
/// <param name="Written">Objects to journal: the new version, or null for those that are gone.</param>
/// <param name="News">Diagnostics that were not there before, to be logged once.</param>
public sealed record AcceptResult(MeshState State, ChangeScope Scope, IReadOnlyList<KeyValuePair<ObjectKey, Resource?>> Written, IReadOnlyList<Diagnostic> News);
