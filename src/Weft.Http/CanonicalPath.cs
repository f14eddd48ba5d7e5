using System;
using System.Buffers;

namespace Weft.Http;

/// <summary>
/// The one form of a path that matching, authorisation, logs and the bytes upstream use (design section 4; Istio's pathNormalization BASE):
/// dot segments resolved, <c>%2E</c> read as a dot, backslash as a slash; <c>//</c>, <c>%2F</c>, <c>%5C</c>, parameters and the case of escapes
/// are kept. NUL, a broken escape, a fragment, a query mark, controls and bytes above 0x7F have no one meaning: rejected.
/// </summary>
public static class CanonicalPath
{
    /// <summary>Bytes that need a second look; most paths have none but a dot.</summary>
    private static readonly SearchValues<byte> Suspicious = CreateSuspicious();

    /// <summary>
    /// Writes the canonical form unless the input already is. Pure, idempotent, never throws; the result begins with a slash and is never
    /// longer than the input, but for one slash when that had none.
    /// </summary>
    /// <param name="path">As received, without the query. "*" is not a path: do not ask.</param>
    /// <param name="destination">At least the input's length plus one; must not overlap the input.</param>
    /// <param name="length">Bytes of the canonical form (the input's length, if unchanged).</param>
    public static Canonical Normalize(ReadOnlySpan<byte> path, Span<byte> destination, out int length)
    {
        length = path.Length;
        if (path.IsEmpty) return Canonical.Rejected;
        int suspicious = path.IndexOfAny(Suspicious);
        if (suspicious < 0 && path[0] == '/') return Canonical.Unchanged;
        if (suspicious >= 0 && !IsWellFormed(path[suspicious..])) return Canonical.Rejected;
        if (path[0] == '/' && !NeedsRewriting(path, suspicious)) return Canonical.Unchanged;
        if (destination.Length <= path.Length) return Canonical.Rejected;
        length = Resolve(path, destination);
        return Canonical.Rewritten;
    }

    /// <summary>No byte without one meaning, and every % followed by two hexadecimal digits that are not NUL.</summary>
    private static bool IsWellFormed(ReadOnlySpan<byte> path)
    {
        for (int i = 0; i < path.Length; i++)
        {
            byte b = path[i];
            if (b is <= 0x20 or >= 0x7F or (byte)'#' or (byte)'?') return false;
            if (b != '%') continue;
            if (i + 2 >= path.Length) return false;
            int high = HttpSyntax.HexValue(path[i + 1]);
            int low = HttpSyntax.HexValue(path[i + 2]);
            if (high < 0 || low < 0 || (high | low) == 0) return false;
            i += 2;
        }

        return true;
    }

    private static bool NeedsRewriting(ReadOnlySpan<byte> path, int from)
    {
        for (int i = from; i < path.Length; i++)
        {
            if (path[i] == '\\') return true;
            int dot = DotLength(path[i..]);
            if (dot == 3) return true;
            if (dot == 1 && path[i - 1] == '/' && DotSegment(path[i..], out _) != 0) return true;
        }

        return false;
    }

    /// <summary>RFC 3986 §5.2.4, one pass. The output never overtakes the input, so it may be read back to find the segment to remove.</summary>
    private static int Resolve(ReadOnlySpan<byte> path, Span<byte> destination)
    {
        int read = IsSlash(path[0]) ? 1 : 0;
        int written = 1;
        destination[0] = (byte)'/';
        while (read < path.Length)
        {
            int dots = destination[written - 1] == '/' ? DotSegment(path[read..], out int taken) : DotSegment(default, out taken);
            if (dots > 0)
            {
                read += taken;
                if (dots == 2) written = ParentOf(destination[..written]);
                continue;
            }

            int dot = DotLength(path[read..]);
            destination[written++] = dot > 0 ? (byte)'.' : IsSlash(path[read]) ? (byte)'/' : path[read];
            read += Math.Max(1, dot);
        }

        return written;
    }

    /// <summary>Length up to and including the slash before the last segment; the first slash stays.</summary>
    private static int ParentOf(ReadOnlySpan<byte> path) => path.Length == 1 ? 1 : path[..^1].LastIndexOf((byte)'/') + 1;

    /// <summary>1 or 2 when <paramref name="rest"/> starts with a segment of just so many dots; then also how many bytes it takes, its slash included.</summary>
    private static int DotSegment(ReadOnlySpan<byte> rest, out int taken)
    {
        taken = 0;
        int dots = 0;
        while (dots < 3 && taken < rest.Length && DotLength(rest[taken..]) is > 0 and int one)
        {
            dots++;
            taken += one;
        }

        if (dots is 0 or 3) return 0;
        if (taken == rest.Length) return dots;
        if (!IsSlash(rest[taken])) return 0;
        taken++;
        return dots;
    }

    /// <summary>1 for a dot, 3 for an escaped one, 0 for anything else.</summary>
    private static int DotLength(ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty) return 0;
        if (rest[0] == '.') return 1;
        return rest.Length >= 3 && rest[0] == '%' && rest[1] == '2' && (rest[2] | 0x20) == 'e' ? 3 : 0;
    }

    private static bool IsSlash(byte b) => b is (byte)'/' or (byte)'\\';

    private static SearchValues<byte> CreateSuspicious()
    {
        Span<byte> set = stackalloc byte[256];
        int n = 0;
        for (int b = 0; b < 256; b++)
        {
            if (b is <= 0x20 or >= 0x7F || "%\\.#?".Contains((char)b, StringComparison.Ordinal)) set[n++] = (byte)b;
        }

        return SearchValues.Create(set[..n]);
    }
}
