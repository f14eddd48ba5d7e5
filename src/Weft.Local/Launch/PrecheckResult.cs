namespace Weft.Local.Launch;

/// <summary>How one check ended.</summary>
public enum PrecheckVerdict
{
    Fine,

    /// <summary>Missing, and only something of the comfort or the sample misses it.</summary>
    Optional,

    /// <summary>weft up cannot run without.</summary>
    Missing,
}

/// <summary>One check: what was asked, what was found, what to do (empty when nothing).</summary>
public sealed record PrecheckResult(string Name, PrecheckVerdict Verdict, string Finding, string Remedy = "");
