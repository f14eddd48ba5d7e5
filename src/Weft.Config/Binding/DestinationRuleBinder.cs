using System;
using System.Collections.Generic;
using System.Linq;
using Weft.Config.Networking;

namespace Weft.Config;

/// <summary>DestinationRule, whole schema, with the rules of Istio's webhook.</summary>
internal static class DestinationRuleBinder
{
    internal static DestinationRule Bind(FieldReader r)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var rule = new DestinationRule
        {
            Host = r.RequiredString("host"),
            TrafficPolicy = r.Object("trafficPolicy", TrafficPolicyBinder.Policy),
            Subsets = r.List("subsets", s => Subset(s, names)),
            ExportTo = r.Strings("exportTo"),
            WorkloadSelector = r.Object("workloadSelector", SelectorBinder.WorkloadSelector),
        };
        string ownNamespace = r.Context.Key?.Namespace ?? "";
        if (r.Has("host") && HostRules.WildcardDomain(rule.Host) is { } wrong)
        {
            r.FieldError("host", wrong);
        }

        if (HostRules.ExportTo(rule.ExportTo, ownNamespace) is { } scope)
        {
            r.FieldError("exportTo", scope);
        }
        else if (r.Has("workloadSelector") && rule.ExportTo.Any(e => e != "." && e != ownNamespace))
        {
            r.FieldError("exportTo", "A rule with a workloadSelector applies in its own namespace only; exportTo may only be \".\".");
        }

        if (r.Has("workloadSelector") && rule.WorkloadSelector is { Count: 0 })
        {
            r.FieldWarning("workloadSelector", "workload selector specified without labels; it selects every workload of the namespace.");
        }

        return rule;
    }

    private static Subset Subset(FieldReader r, HashSet<string> names)
    {
        var subset = new Subset
        {
            Name = r.RequiredString("name"),
            Labels = r.StringMap("labels", static (reader, field, key, value) =>
            {
                if (!Names.IsLabelKey(key) || !Names.IsLabelValue(value))
                {
                    reader.Error(field, DiagnosticCodes.InvalidValue, $"\"{key}: {value}\" is no label; letters, digits, '-', '_' and '.', at most 63.");
                }
            }),
            TrafficPolicy = r.Object("trafficPolicy", TrafficPolicyBinder.Policy),
        };
        if (r.Has("name") && !IsSubsetName(subset.Name))
        {
            r.FieldError("name", $"subset name is invalid: \"{subset.Name}\"; letters, digits and dashes, at most 63.");
        }
        else if (!names.Add(subset.Name))
        {
            r.FieldError("name", $"duplicate subset name: {subset.Name}; give each subset its own name.");
        }

        return subset;
    }

    private static bool IsSubsetName(string name) => name.Length is > 0 and <= 63 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
