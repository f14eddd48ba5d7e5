using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Weft.Config;
using Weft.Config.Security;

namespace Weft.Control.Model;

/// <summary>Which policy applies to whom (istio.md 1.2 lookup, 1.6 PeerAuthentication). Pure; any thread.</summary>
public sealed class PolicyLookup
{
    private readonly MeshSettings _settings;
    private readonly ImmutableArray<HostPolicy> _hostPolicies;
    private readonly Dictionary<string, HostPolicy[]> _hostPoliciesByNamespace;
    private readonly Dictionary<string, PeerPolicy[]> _peerPoliciesByNamespace;
    private readonly ImmutableArray<Denial> _denials;

    internal PolicyLookup(MeshSettings settings, ImmutableArray<HostPolicy> hostPolicies, ImmutableArray<PeerPolicy> peerPolicies, ImmutableArray<Denial> denials)
    {
        _settings = settings;
        _hostPolicies = hostPolicies;
        _hostPoliciesByNamespace = hostPolicies.GroupBy(p => p.Namespace, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.ToArray(), StringComparer.Ordinal);
        _peerPoliciesByNamespace = peerPolicies.GroupBy(p => p.Namespace, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.ToArray(), StringComparer.Ordinal);
        _denials = denials;
    }

    /// <summary>
    /// The policy of a client towards a host: the client's namespace first, then the service's, then the root namespace; within one, workload selectors before none, then the most specific
    /// host, then the oldest. Levels are not merged. Null when nobody wrote one.
    /// </summary>
    public HostPolicy? HostPolicyFor(string clientNamespace, IReadOnlyDictionary<string, string> clientLabels, string host, string serviceNamespace)
    {
        if (_hostPolicies.IsEmpty)
        {
            return null;
        }

        // Istio skips the client's namespace when it is the root one, unless the rule is private to it: the root level below sees the exported ones.
        return Best(clientNamespace, p => clientNamespace != _settings.RootNamespace || p.ExportTo.IsPrivate, clientNamespace, clientLabels, host)
            ?? Best(serviceNamespace, p => p.ExportTo.IsVisible(serviceNamespace, clientNamespace), clientNamespace, clientLabels, host)
            ?? Best(_settings.RootNamespace, p => p.ExportTo.IsVisible(_settings.RootNamespace, clientNamespace), clientNamespace, clientLabels, host);
    }

    /// <summary>What a workload accepts on a port, and who says so.</summary>
    public (MutualTlsMode Mode, Origin Origin) PeerModeFor(string @namespace, IReadOnlyDictionary<string, string> labels, int port)
    {
        (MutualTlsMode mode, Origin origin) = PeerModeOfNamespace(@namespace);
        PeerPolicy? workload = WorkloadPolicyFor(@namespace, labels);
        if (workload is null)
        {
            return (mode, origin);
        }

        if (workload.Mode != MutualTlsMode.Unset)
        {
            (mode, origin) = (workload.Mode, workload.ModeOrigin);
        }

        if (workload.Ports.TryGetValue(port, out MutualTlsMode portMode) && portMode != MutualTlsMode.Unset)
        {
            return (portMode, workload.Origin.At($"spec.portLevelMtls.{port}.mode", "mtls"));
        }

        return (mode, origin);
    }

    /// <summary>Ports with a level of their own for this workload.</summary>
    public IEnumerable<int> PortsWithModes(string @namespace, IReadOnlyDictionary<string, string> labels) =>
        WorkloadPolicyFor(@namespace, labels)?.Ports.Keys ?? [];

    /// <summary>What a namespace accepts where no workload policy speaks: all that a client may infer about a service (istio.md 1.6).</summary>
    public (MutualTlsMode Mode, Origin Origin) PeerModeOfNamespace(string @namespace)
    {
        MutualTlsMode mode = _settings.DefaultMutualTls == MutualTlsMode.Unset ? MutualTlsMode.Permissive : _settings.DefaultMutualTls;
        Origin origin = Origin.MeshDefault("defaultMutualTls", "mtls");
        foreach (string level in (string[])[_settings.RootNamespace, @namespace])
        {
            PeerPolicy? policy = Array.Find(_peerPoliciesByNamespace.GetValueOrDefault(level, []), p => p.Selector is null);
            if (policy is not null && policy.Mode != MutualTlsMode.Unset)
            {
                (mode, origin) = (policy.Mode, policy.ModeOrigin);
            }
        }

        return (mode, origin);
    }

    /// <summary>The refused policy because of which nothing gets through to a workload, or null.</summary>
    public Denial? DenialOf(string @namespace, IReadOnlyDictionary<string, string> labels)
    {
        foreach (Denial denial in _denials)
        {
            if ((denial.Namespace == _settings.RootNamespace || denial.Namespace == @namespace)
                && (denial.Selector is null || LabelSelector.IsSubset(denial.Selector, labels)))
            {
                return denial;
            }
        }

        return null;
    }

    /// <summary>Only policies of the workload's own namespace: those with a selector in the root namespace do not count elsewhere (istio.md 1.6).</summary>
    private PeerPolicy? WorkloadPolicyFor(string @namespace, IReadOnlyDictionary<string, string> labels) =>
        Array.Find(_peerPoliciesByNamespace.GetValueOrDefault(@namespace, []), p => p.Selector is not null && LabelSelector.IsSubset(p.Selector, labels));

    private HostPolicy? Best(string level, Func<HostPolicy, bool> isVisible, string clientNamespace, IReadOnlyDictionary<string, string> clientLabels, string host)
    {
        HostPolicy? best = null;
        foreach (HostPolicy policy in _hostPoliciesByNamespace.GetValueOrDefault(level, []))
        {
            if (!HostName.IsSubsetOf(host, policy.Host) || !isVisible(policy))
            {
                continue;
            }

            bool selects = policy.WorkloadSelector.Count > 0;
            if (selects && (policy.Namespace != clientNamespace || !LabelSelector.IsSubset(policy.WorkloadSelector, clientLabels)))
            {
                continue;
            }

            if (best is null || IsBetter(policy, best))
            {
                best = policy;
            }
        }

        return best;
    }

    private static bool IsBetter(HostPolicy candidate, HostPolicy best)
    {
        int byHost = HostName.Compare(candidate.Host, best.Host);
        return byHost < 0 || (byHost == 0 && candidate.WorkloadSelector.Count > 0 && best.WorkloadSelector.Count == 0);
    }
}
