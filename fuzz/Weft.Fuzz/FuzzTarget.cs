using System;

namespace Weft.Fuzz;

/// <summary>A target: returns when all is well, throws when we broke a promise.</summary>
public delegate void FuzzTarget(ReadOnlySpan<byte> input);
