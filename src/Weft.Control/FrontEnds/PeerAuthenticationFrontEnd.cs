using System;
using System.Collections.Immutable;
using Weft.Config;
using Weft.Config.Security;
using Weft.Control.Model;

namespace Weft.Control.FrontEnds;

/// <summary>PeerAuthentication → <see cref="PeerPolicy"/>. Pure.</summary>
internal static class PeerAuthenticationFrontEnd
{
    public static PeerPolicy Read(Resource<PeerAuthentication> resource)
    {
        PeerAuthentication spec = resource.Spec;
        Origin origin = new("", resource.Kind, resource.Namespace, resource.Name, "");
        ImmutableSortedDictionary<string, string>? selector = spec.Selector is { Count: > 0 } labels ? labels.ToImmutableSortedDictionary(StringComparer.Ordinal) : null;
        return new PeerPolicy
        {
            Namespace = resource.Namespace,
            Name = resource.Name,
            Selector = selector,
            Mode = spec.Mode,
            ModeOrigin = origin.At("spec.mtls.mode", "mtls"),

            // Istio ignores port levels without a selector.
            Ports = selector is null ? ImmutableSortedDictionary<int, MutualTlsMode>.Empty : spec.PortLevelMtls.ToImmutableSortedDictionary(),
            Created = resource.Metadata.CreationTimestamp ?? DateTimeOffset.MinValue,
            Origin = origin,
        };
    }

    /// <summary>What stands in for a policy that was refused and has no last good version: STRICT for what it selects (design section 5).</summary>
    public static PeerPolicy FailClosed(Resource refused) => new()
    {
        Namespace = refused.Namespace,
        Name = refused.Name,
        Selector = Selectors.OfRefused(refused),
        Mode = MutualTlsMode.Strict,
        ModeOrigin = new Origin("mtls", refused.Kind, refused.Namespace, refused.Name, ""),
        Created = refused.Metadata.CreationTimestamp ?? DateTimeOffset.MinValue,
        Origin = new Origin("", refused.Kind, refused.Namespace, refused.Name, ""),
    };
}
