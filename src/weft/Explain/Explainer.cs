using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Weft.CommandLine.Mesh;
using Weft.Local;

namespace Weft.CommandLine.Explain;

/// <summary>Answers for one calling pod. Loads the caller's snapshot once and those of called pods as they come up.</summary>
internal sealed class Explainer : IDisposable
{
    private readonly SocketClient _weftd;
    private readonly JsonDocument _provenance;
    private readonly PodName _pod;
    private readonly ProxyView _caller;
    private readonly Dictionary<string, PodName> _podByAddress;
    private readonly Dictionary<string, ProxyView> _called = [];

    private Explainer(SocketClient weftd, JsonDocument provenance, PodName pod, ProxyView caller, Dictionary<string, PodName> podByAddress) =>
        (_weftd, _provenance, _pod, _caller, _podByAddress) = (weftd, provenance, pod, caller, podByAddress);

    public static async Task<Explainer> LoadAsync(MeshPaths mesh, PodName pod, CancellationToken cancellation)
    {
        SocketClient weftd = new(mesh.WeftdDebugSocket, "weftd");
        ProxyView caller = await ProxyView.LoadAsync(weftd, pod, cancellation);
        JsonDocument provenance = await weftd.GetJsonAsync("/debug/provenance", cancellation);
        using SocketClient api = new(mesh.ApiSocket, "the mesh");
        using JsonDocument pods = await api.GetJsonAsync("/api/v1/pods", cancellation);
        return new(weftd, provenance, pod, caller, pods.RootElement.List("items").Where(item => item.Text("status.podIP").Length > 0)
            .GroupBy(item => item.Text("status.podIP")).ToDictionary(group => group.Key, group => new PodName(group.First().Text("metadata.namespace"), group.First().Text("metadata.name"))));
    }

    public async Task<Report> ExplainAsync(ExplainRequest request, CancellationToken cancellation)
    {
        Report report = new() { Request = request, From = _pod.ToString(), Digest = _caller.Digest };
        Steps steps = new(new ProvenanceTable(_provenance), report.Steps);
        OutboundExplainer outbound = new(_caller, _pod.Namespace, request, report, steps);
        outbound.Run();
        foreach (Candidate candidate in outbound.Candidates)
        {
            if (_podByAddress.TryGetValue(candidate.Address.Address.ToString(), out PodName called) && await CalledAsync(called, cancellation) is { } view)
            {
                InboundExplainer.Run(view, candidate, steps);
            }
        }

        return report;
    }

    public void Dispose()
    {
        foreach (ProxyView view in _called.Values)
        {
            view.Dispose();
        }

        _caller.Dispose();
        _provenance.Dispose();
        _weftd.Dispose();
    }

    /// <summary>Null for a pod without a proxy.</summary>
    private async Task<ProxyView?> CalledAsync(PodName pod, CancellationToken cancellation)
    {
        if (_called.TryGetValue(pod.ToString(), out ProxyView? view))
        {
            return view;
        }

        try
        {
            return _called[pod.ToString()] = await ProxyView.LoadAsync(_weftd, pod, cancellation);
        }
        catch (Output.CommandException)
        {
            return null;
        }
    }
}
