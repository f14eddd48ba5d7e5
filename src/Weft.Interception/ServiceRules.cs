using System;
using System.Collections.Generic;
using System.Globalization;

namespace Weft.Interception;

/// <summary>
/// What kube-proxy is to a client without a sidecar, as rules in the client's own network: service address → one endpoint by
/// chance. There, and not on the machine, so that the server sees the client's address. Pure.
/// </summary>
public static class ServiceRules
{
    public const string Services = "WEFT_SERVICES";

    /// <summary>The nat table for these services; a service without endpoints has no rule and is not reached.</summary>
    public static RuleTable Build(IReadOnlyList<ServiceBackend> backends)
    {
        ArgumentNullException.ThrowIfNull(backends);
        List<Rule> rules = [new("OUTPUT", [], Services)];
        foreach (ServiceBackend backend in backends)
        {
            for (int i = 0; i < backend.Endpoints.Count; i++)
            {
                List<RuleMatch> matches = [new("-d", backend.Address + "/32"), new("-p", "tcp"), new("--dport", backend.Port.ToString(CultureInfo.InvariantCulture))];
                int left = backend.Endpoints.Count - i;
                if (left > 1)
                {
                    // 1/n of those that come this far: each endpoint gets the same share of all.
                    matches.Add(new("--mode", "random"));
                    matches.Add(new("--probability", (1.0 / left).ToString("0.00000000000", CultureInfo.InvariantCulture)));
                }

                rules.Add(new Rule(Services, matches, "DNAT", "--to-destination", backend.Endpoints[i]));
            }
        }

        return new RuleTable("nat", [Services], rules);
    }

    /// <summary>The same table without the jump: replaces the services' rules where the jump stands already.</summary>
    public static RuleTable Update(RuleTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return table with { Rules = [.. table.RulesOf(Services)] };
    }
}
