using System;
using System.Text;
using Weft.Http;

namespace Weft.Fuzz;

/// <summary>Targets over the canonical forms: idempotent, bounded, and without anything that has two readings.</summary>
public static class CanonicalTargets
{
    public static void Path(ReadOnlySpan<byte> input)
    {
        byte[]? once = Normalize(input);
        if (once is null) return;
        Check(once.Length <= input.Length + 1, "grew");
        Check(once.Length <= input.Length || input[0] is not ((byte)'/' or (byte)'\\'), "grew though it began with a slash");
        Check(once[0] == '/', "does not begin with a slash");
        string text = Encoding.Latin1.GetString(once);
        Check(!text.Contains('\\', StringComparison.Ordinal) && !text.Contains("%2e", StringComparison.OrdinalIgnoreCase) && !text.Contains("%00", StringComparison.Ordinal), "holds what it must not");
        foreach (string segment in text.Split('/')) Check(segment is not ("." or ".."), "holds a dot segment");
        byte[]? twice = Normalize(once);
        Check(twice is not null && twice.AsSpan().SequenceEqual(once), "is not idempotent");
    }

    public static void Authority(ReadOnlySpan<byte> input)
    {
        var destination = new byte[input.Length];
        Canonical verdict = CanonicalAuthority.Normalize(input, destination, out AuthorityParts parts);
        Check((verdict != Canonical.Rejected) == CanonicalAuthority.IsValid(input), "IsValid and Normalize disagree");
        if (verdict == Canonical.Rejected) return;
        ReadOnlySpan<byte> once = (verdict == Canonical.Unchanged ? input : destination)[..parts.Length];
        Check(!once.ContainsAnyInRange((byte)'A', (byte)'Z') && once[parts.HostLength - 1] != '.', "is not canonical");
        Canonical again = CanonicalAuthority.Normalize(once, new byte[once.Length], out AuthorityParts second);
        Check(again == Canonical.Unchanged && second == parts, "is not idempotent");
    }

    private static byte[]? Normalize(ReadOnlySpan<byte> input)
    {
        var destination = new byte[input.Length + 1];
        return CanonicalPath.Normalize(input, destination, out int length) switch
        {
            Canonical.Unchanged => input.ToArray(),
            Canonical.Rewritten => destination[..length],
            _ => null,
        };
    }

    private static void Check(bool holds, string what)
    {
        if (!holds) throw new FuzzFailureException("the canonical form " + what);
    }
}
