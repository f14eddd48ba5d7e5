using System.Collections.Generic;
using System.Globalization;
using Weft.Config.Security;

namespace Weft.Config;

/// <summary>PeerAuthentication with the rules of Istio's webhook and CRD.</summary>
internal static class PeerAuthenticationBinder
{
    private static readonly WordTable<MutualTlsMode> Modes = new(
        ("UNSET", MutualTlsMode.Unset), ("DISABLE", MutualTlsMode.Disable), ("PERMISSIVE", MutualTlsMode.Permissive), ("STRICT", MutualTlsMode.Strict));

    internal static PeerAuthentication Bind(FieldReader r)
    {
        var ports = new Dictionary<int, MutualTlsMode>();
        var peer = new PeerAuthentication
        {
            Selector = r.Object("selector", SelectorBinder.WorkloadSelector),
            Mode = r.Object("mtls", Mode)?.Value ?? MutualTlsMode.Unset,
            PortLevelMtls = ports,
        };
        foreach ((string port, ModeValue mode) in r.Map("portLevelMtls", PortMode))
        {
            if (int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            {
                ports[number] = mode.Value;
            }
        }

        if (r.Has("selector") && peer.Selector is { Count: 0 })
        {
            r.FieldWarning("selector", "workload selector specified without labels; the policy applies to the whole namespace.");
        }

        if (r.Node["portLevelMtls"] is { Kind: NodeKind.Mapping } levels)
        {
            if (levels.Entries.Count == 0)
            {
                r.FieldError("portLevelMtls", "spec.portLevelMtls in body should have at least 1 properties: name a port, or remove it.");
            }

            if (peer.Selector is null or { Count: 0 })
            {
                r.FieldError("portLevelMtls", "portLevelMtls requires selector; add spec.selector.matchLabels.");
            }
        }

        return peer;
    }

    private static ModeValue PortMode(FieldReader r, string port)
    {
        if (!long.TryParse(port, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number))
        {
            r.Error($"type conversion error from \"{port}\": a port is a number between 1 and 65535.");
        }
        else if (number is < 1 or > 65535)
        {
            r.Error("port must be between 1-65535");
        }

        return Mode(r);
    }

    private static ModeValue Mode(FieldReader r) => new(r.Word("mode", Modes) ?? MutualTlsMode.Unset);

    /// <summary>A mode, as a class so that it can be null.</summary>
    private sealed record ModeValue(MutualTlsMode Value);
}
