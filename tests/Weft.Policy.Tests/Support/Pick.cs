using CsCheck;

namespace Weft.Policy.Tests.Support;

/// <summary>Generators of fixed choices.</summary>
internal static class Pick
{
    public static Gen<T> From<T>(params T[] choices) => Gen.Int[0, choices.Length - 1].Select(i => choices[i]);
}
