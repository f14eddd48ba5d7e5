using System;
using System.Buffers;

namespace Weft.Config;

/// <summary>What Kubernetes takes for names and labels (RFC 1123 labels and subdomains, qualified names). Pure.</summary>
public static class Names
{
    private static readonly SearchValues<char> LabelCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>A DNS label: a-z, 0-9 and '-', not at the ends, at most 63.</summary>
    public static bool IsDnsLabel(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text.Length > 63 || text[0] == '-' || text[^1] == '-')
        {
            return false;
        }

        return text.IndexOfAnyExcept(LabelCharacters) < 0;
    }

    /// <summary>DNS labels with dots between, at most 253.</summary>
    public static bool IsDnsSubdomain(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text.Length > 253)
        {
            return false;
        }

        foreach (Range part in text.Split('.'))
        {
            if (!IsDnsLabel(text[part]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary><c>[prefix/]name</c>.</summary>
    public static bool IsLabelKey(ReadOnlySpan<char> key)
    {
        int slash = key.IndexOf('/');
        return slash < 0 ? IsQualifiedName(key) : IsDnsSubdomain(key[..slash]) && IsQualifiedName(key[(slash + 1)..]);
    }

    /// <summary>Empty, or a qualified name of at most 63.</summary>
    public static bool IsLabelValue(ReadOnlySpan<char> value) => value.IsEmpty || IsQualifiedName(value);

    private static bool IsQualifiedName(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text.Length > 63 || !char.IsAsciiLetterOrDigit(text[0]) || !char.IsAsciiLetterOrDigit(text[^1]))
        {
            return false;
        }

        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.'))
            {
                return false;
            }
        }

        return true;
    }
}
