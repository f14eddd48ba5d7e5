using System;

namespace Weft.Policy.Regex;

/// <summary>
/// RE2 replace-all, leftmost match and preferred alternative first, by simulating all threads at once (Pike): work is bounded by input times
/// program for one match, and by <see cref="MaxWorkPerByte"/> for all of them.
/// </summary>
public static class RegexRewriter
{
    /// <summary>
    /// Thread steps per byte of input and instruction, before a rewrite gives up. One search costs at most 1; many matches, each of which must look
    /// far ahead, could cost the square of the input (`a.*z|a`): that is what this stops.
    /// </summary>
    public const int MaxWorkPerByte = 8;

    /// <summary>Writes the input with every match replaced.</summary>
    /// <param name="program">From <see cref="RegexCompiler.TryCompileRewrite"/>.</param>
    /// <param name="input">UTF-8.</param>
    /// <param name="scratch">The loop's.</param>
    /// <param name="destination">Receives the result.</param>
    /// <param name="written">Its length; 0 when nothing changed.</param>
    /// <param name="isChanged">Whether anything matched.</param>
    /// <returns>False when the result does not fit or the work limit was met.</returns>
    public static bool TryReplaceAll(
        ReadOnlySpan<byte> program, ReadOnlySpan<byte> input, RegexScratch scratch, Span<byte> destination, out int written, out bool isChanged)
    {
        written = 0;
        isChanged = false;
        var image = new RegexRewriteImage(program);
        var search = new RegexSearch(image, input, scratch, (long)(input.Length + 1) * image.Instructions.Length * MaxWorkPerByte);
        int position = 0;
        int lastEnd = -1;
        while (position <= input.Length && search.TryFind(position))
        {
            (int start, int end) = (search.Match[0], search.Match[1]);
            if (!TryAppend(destination, ref written, input[position..start]))
                return false;
            if (start == end && start == lastEnd)
            {
                // RE2: no empty match right after a match; a code point goes by instead.
                int length = Math.Min(RuneLength(input, start), input.Length - start);
                if (!TryAppend(destination, ref written, input.Slice(start, length)))
                    return false;
                position = start + Math.Max(length, 1);
                continue;
            }

            if (!TrySubstitute(image, input, search.Match, destination, ref written))
                return false;
            isChanged = true;
            position = lastEnd = end;
        }

        if (search.IsExhausted)
            return false;
        if (isChanged)
            return position >= input.Length || TryAppend(destination, ref written, input[position..]);
        written = 0;
        return true;
    }

    private static bool TrySubstitute(RegexRewriteImage image, ReadOnlySpan<byte> input, ReadOnlySpan<int> match, Span<byte> destination, ref int written)
    {
        foreach (ref readonly RegexRewriteImage.Part part in image.Parts)
        {
            ReadOnlySpan<byte> piece = default;
            if (part.Group < 0)
                piece = image.Literal(part);
            else if (match[part.Group * 2] >= 0 && match[part.Group * 2 + 1] >= 0)
                piece = input[match[part.Group * 2]..match[part.Group * 2 + 1]];
            if (!TryAppend(destination, ref written, piece))
                return false;
        }

        return true;
    }

    private static bool TryAppend(Span<byte> destination, ref int written, ReadOnlySpan<byte> piece)
    {
        if (!piece.TryCopyTo(destination[written..]))
            return false;
        written += piece.Length;
        return true;
    }

    private static int RuneLength(ReadOnlySpan<byte> input, int at)
        => at >= input.Length ? 1 : System.Text.Rune.DecodeFromUtf8(input[at..], out _, out int length) == System.Buffers.OperationStatus.Done ? length : 1;
}
