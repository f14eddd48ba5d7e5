using System.Collections.Frozen;
using System.Collections.Generic;

namespace Weft.Config;

/// <summary>The one empty string map that records default to.</summary>
public static class EmptyMap
{
    public static IReadOnlyDictionary<string, string> OfStrings { get; } = FrozenDictionary<string, string>.Empty;
}
