using System.Collections.Generic;

namespace Weft.Config.Networking;

/// <summary>One alternative of a match: all fields given must hold.</summary>
public sealed record HttpMatchRequest
{
    /// <summary>Place in the list as written: entries that are left out keep their number, so paths name the right one.</summary>
    public int Index { get; init; }

    public string? Name { get; init; }

    public StringMatch? Uri { get; init; }

    public StringMatch? Scheme { get; init; }

    public StringMatch? Method { get; init; }

    public StringMatch? Authority { get; init; }

    /// <summary>Lower-case name → match; <see cref="StringMatchKind.Present"/> for <c>{}</c>. In the order written.</summary>
    public IReadOnlyList<KeyValuePair<string, StringMatch>> Headers { get; init; } = [];

    public IReadOnlyList<KeyValuePair<string, StringMatch>> WithoutHeaders { get; init; } = [];

    public IReadOnlyList<KeyValuePair<string, StringMatch>> QueryParams { get; init; } = [];

    /// <summary>For exact and prefix only.</summary>
    public bool IgnoreUriCase { get; init; }

    public uint? Port { get; init; }

    public IReadOnlyDictionary<string, string> SourceLabels { get; init; } = EmptyMap.OfStrings;

    public string? SourceNamespace { get; init; }

    public IReadOnlyList<string> Gateways { get; init; } = [];

    public string? StatPrefix { get; init; }
}

/// <summary>Which of a StringMatch's forms was written.</summary>
public enum StringMatchKind : byte
{
    /// <summary><c>{}</c>: for headers and query parameters, it is there.</summary>
    Present,
    Exact,
    Prefix,
    Regex,
}

/// <summary>Istio's StringMatch. Regex is RE2 and matches the whole text.</summary>
public sealed record StringMatch(StringMatchKind Kind, string Value);
