using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Weft.Config;
using Weft.Config.Core;
using Weft.Interception;
using Weft.Store;

namespace Weft.Local.Pods;

/// <summary>The service rules of one pod without a sidecar, written again when they change. Thread-safe.</summary>
internal sealed class PlainPodRules
{
    private readonly Lock _gate = new();
    private string _applied = string.Empty;

    public void Apply(PodNetwork network, PodServices services)
    {
        lock (_gate)
        {
            RuleTable table = ServiceRules.Build(Backends(services.Store));
            string text = IptablesText.Render(table);
            if (text == _applied)
            {
                return;
            }

            try
            {
                string restore = _applied.Length == 0 ? text : IptablesText.Render(ServiceRules.Update(table));
                network.Within(() => Tool.Run("iptables-restore", ["--noflush"], restore));
                _applied = text;
            }
            catch (Exception exception) when (exception is InvalidOperationException or System.IO.IOException or ObjectDisposedException)
            {
                services.Log.SayOnce($"service addresses do not work in pods without a sidecar: {exception.Message}");
            }
        }
    }

    private static List<ServiceBackend> Backends(ObjectStore store)
    {
        ILookup<string, Resource<EndpointSlice>> slices = store.List(ObjectFilter.Of(Kinds.EndpointSlice)).Items.OfType<Resource<EndpointSlice>>()
            .ToLookup(slice => slice.Namespace + "/" + slice.Metadata.Labels.GetValueOrDefault(EndpointSlice.ServiceNameLabel));
        List<ServiceBackend> backends = [];
        foreach (Resource<Service> service in store.List(ObjectFilter.Of(Kinds.Service)).Items.OfType<Resource<Service>>())
        {
            foreach (ServicePort port in service.Spec.Ports.Where(port => port.Protocol == "TCP" && System.Net.IPAddress.TryParse(service.Spec.ClusterIP, out _)))
            {
                IEnumerable<string> endpoints = slices[service.Namespace + "/" + service.Name].SelectMany(slice => slice.Spec.Ports
                    .Where(candidate => candidate.Name == port.Name && candidate.Port is not null)
                    .SelectMany(candidate => slice.Spec.Endpoints.Where(endpoint => endpoint.IsReady).SelectMany(endpoint => endpoint.Addresses).Select(address => $"{address}:{candidate.Port}")));
                backends.Add(new ServiceBackend(service.Spec.ClusterIP, port.Port, [.. endpoints]));
            }
        }

        return backends;
    }
}
