using System;

namespace Weft.Testing;

/// <summary>A response as it came, its head verbatim.</summary>
public sealed record RawResponse(int Status, string Head, string Body, string Trailers)
{
    /// <summary>Value of the first header of that name (case-insensitive); null if absent.</summary>
    public string? Header(string name)
    {
        foreach (string line in Head.Split("\r\n"))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && line.AsSpan(0, colon).Equals(name, StringComparison.OrdinalIgnoreCase)) return line[(colon + 1)..].Trim();
        }
        return null;
    }
}
