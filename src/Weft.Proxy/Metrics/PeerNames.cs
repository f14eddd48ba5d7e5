using System.Collections.Generic;
using System.Text;
using System.Threading;
using Weft.Policy.Blocks;
using Weft.Telemetry.Metrics;

namespace Weft.Proxy.Metrics;

/// <summary>
/// Gives every distinct set of peer labels and every destination service a number, for the whole process. Locks; loops ask once for a peer and
/// remember (<see cref="PeerDirectory"/>).
/// </summary>
internal sealed class PeerNames
{
    private readonly Lock _gate = new();
    private readonly Dictionary<IstioPeerLabels, PeerName> _peers = [];
    private readonly Dictionary<(string, string, string), ServiceName> _services = [];

    public PeerNames()
    {
        Unknown = Intern(IstioPeerLabels.UnknownPeer);
        UnknownService = Intern(IstioLabels.Unknown, IstioLabels.Unknown, IstioLabels.Unknown);
    }

    /// <summary>Nothing is known.</summary>
    public PeerName Unknown { get; }
    public ServiceName UnknownService { get; }

    public PeerName Intern(IstioPeerLabels labels)
    {
        lock (_gate)
        {
            if (!_peers.TryGetValue(labels, out var name)) _peers[labels] = name = new PeerName(_peers.Count, labels);
            return name;
        }
    }

    public ServiceName Intern(string service, string name, string @namespace)
    {
        lock (_gate)
        {
            if (!_services.TryGetValue((service, name, @namespace), out var found))
                _services[(service, name, @namespace)] = found = new ServiceName(_services.Count, service, name, @namespace);
            return found;
        }
    }

    /// <summary>The labels of a workload of the table, its identity verified as <paramref name="principal"/>.</summary>
    public PeerName Intern(WorkloadView workload, string principal)
    {
        ref readonly var root = ref workload.Root;
        return Intern(new IstioPeerLabels
        {
            Workload = Or(workload, root.WorkloadName),
            WorkloadNamespace = Or(workload, root.Namespace),
            Principal = principal,
            App = Or(workload, root.App),
            Version = Or(workload, root.Version),
            CanonicalService = Or(workload, root.CanonicalName),
            CanonicalRevision = root.CanonicalRevision.IsEmpty ? "latest" : workload.Block.String(root.CanonicalRevision),
            Cluster = Or(workload, root.ClusterId),
        });
    }

    private static string Or(WorkloadView workload, Text text) => text.IsEmpty ? IstioLabels.Unknown : Encoding.UTF8.GetString(workload.Block.Utf8(text));
}
