using System;
using System.Collections.Generic;
using System.Linq;
using Weft.Control.Model;

namespace Weft.Control.Derivation;

/// <summary>A port of a workload that some service sends to.</summary>
/// <param name="TargetPort">Port of the workload.</param>
/// <param name="Service">The oldest service with that target port decides.</param>
/// <param name="Port">Its service port.</param>
internal sealed record InboundPort(int TargetPort, MeshService Service, MeshPort Port)
{
    /// <summary>The ports of a workload in order; a target port that two services share belongs to the older one.</summary>
    public static IEnumerable<InboundPort> Of(RoutingModel model, InboundScope scope)
    {
        var ports = new SortedDictionary<int, InboundPort>();
        IEnumerable<MeshService> services = model.ServicesOf(scope.Namespace, scope.Labels, scope.Addresses)
            .OrderBy(s => s.Created).ThenBy(s => s.Host, StringComparer.Ordinal);
        foreach (MeshService service in services)
        {
            foreach (MeshPort port in service.Ports)
            {
                int target = Resolve(port, scope.NamedPorts);
                if (target > 0 && WireProtocols.Of(port.Protocol, scope.Dialect) != WireProtocol.None)
                {
                    ports.TryAdd(target, new InboundPort(target, service, port));
                }
            }
        }

        return ports.Values;
    }

    /// <summary>The number at the workload; 0 when it names a container port that is not there.</summary>
    public static int Resolve(MeshPort port, IReadOnlyDictionary<string, int> namedPorts) =>
        port.TargetPortName.Length > 0 ? namedPorts.GetValueOrDefault(port.TargetPortName) : port.TargetPort > 0 ? port.TargetPort : port.Number;
}
