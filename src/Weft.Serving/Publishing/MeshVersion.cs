using System;
using Weft.Control.Collections;
using Weft.Control.Derivation;

namespace Weft.Serving.Publishing;

/// <summary>What is in force at a moment. Immutable.</summary>
/// <param name="Number">Counts publications; a higher one is newer.</param>
/// <param name="State">The accepted set.</param>
/// <param name="Mesh">What is derived from it.</param>
/// <param name="SourceRevision">Everything up to this revision of the source is in it.</param>
/// <param name="PublishedTicks">When, in <see cref="TimeProvider.GetTimestamp"/> ticks.</param>
public sealed record MeshVersion(long Number, MeshState State, DerivedMesh Mesh, long SourceRevision, long PublishedTicks);
