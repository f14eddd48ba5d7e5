namespace Weft.Http;

/// <summary>What normalisation found. See <see cref="CanonicalPath"/> and <see cref="CanonicalAuthority"/>.</summary>
public enum Canonical : byte
{
    /// <summary>The input already is the canonical form; nothing was written.</summary>
    Unchanged,

    /// <summary>The canonical form was written to the destination.</summary>
    Rewritten,

    /// <summary>There is no one meaning: answer 400. Nothing usable was written.</summary>
    Rejected,
}
