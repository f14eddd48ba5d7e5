using System.Collections.Generic;

namespace Weft.Config;

/// <summary>What is known of a kind: its API group, the versions that read the same, its path word, its scope.</summary>
/// <param name="Group">Empty for core.</param>
/// <param name="Kind">For example <c>VirtualService</c>.</param>
/// <param name="Plural">The path word: <c>virtualservices</c>.</param>
/// <param name="Versions">Served versions, the preferred one first.</param>
/// <param name="IsNamespaced">False for Namespace and Node.</param>
/// <param name="Support">What reading one does.</param>
public sealed record KindInfo(string Group, string Kind, string Plural, IReadOnlyList<string> Versions, bool IsNamespaced, KindSupport Support)
{
    /// <summary><c>v1</c> or <c>group/version</c> with the preferred version.</summary>
    public string ApiVersion => Group.Length == 0 ? Versions[0] : $"{Group}/{Versions[0]}";

    /// <summary>The Kubernetes word in lists: <c>VirtualServiceList</c>.</summary>
    public string ListKind => Kind + "List";

    /// <summary>True for Istio's groups: what <c>weftd</c> treats as configuration, with a last good version.</summary>
    public bool IsIstio => Group.EndsWith(".istio.io", System.StringComparison.Ordinal);

    /// <summary>A field not honoured refuses the object instead of being left out: PeerAuthentication, RequestAuthentication, AuthorizationPolicy.</summary>
    public bool IsSecurity => Group == "security.istio.io";
}

/// <summary>What becomes of an object of a kind.</summary>
public enum KindSupport : byte
{
    /// <summary>Bound to a record and used.</summary>
    Typed,

    /// <summary>Known, kept in the store, does nothing and needs to do nothing (ClusterRole, Job …): one info.</summary>
    Kept,

    /// <summary>Known, would change traffic in Istio, does nothing here yet: one warning.</summary>
    NotHonoured,

    /// <summary>Known, not honoured yet, and leaving it out would open something: refused.</summary>
    Refused,
}
