using System;
using Weft.Http;

namespace Weft.Policy.Decide;

/// <summary>
/// A request as decisions see it: everything in its one canonical form (design section 4), the same bytes that go upstream and into the log.
/// Borrowed for the call.
/// </summary>
public readonly ref struct RequestView
{
    public ReadOnlySpan<byte> Method { get; init; }

    /// <summary><c>http</c> or <c>https</c>, as the client saw it (x-forwarded-proto where that is trusted).</summary>
    public ReadOnlySpan<byte> Scheme { get; init; }

    /// <summary>Canonical: lower-case, no trailing dot (<see cref="CanonicalAuthority"/>), with its port if it had one.</summary>
    public ReadOnlySpan<byte> Authority { get; init; }

    /// <summary>Canonical path, without the query.</summary>
    public ReadOnlySpan<byte> Path { get; init; }

    /// <summary>The query with or without its '?'; empty when there is none.</summary>
    public ReadOnlySpan<byte> Query { get; init; }

    public HeaderBlock Headers { get; init; }

    /// <summary>The authority without its port.</summary>
    public ReadOnlySpan<byte> Host
    {
        get
        {
            ReadOnlySpan<byte> authority = Authority;
            int colon = authority.LastIndexOf((byte)':');
            return colon < 0 || authority[^1] == (byte)']' ? authority : authority[..colon];
        }
    }

    internal ReadOnlySpan<byte> QueryWithoutMark => !Query.IsEmpty && Query[0] == (byte)'?' ? Query[1..] : Query;
}
