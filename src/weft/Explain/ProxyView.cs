using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Weft.CommandLine.Mesh;
using Weft.CommandLine.Output;
using Weft.Policy.Snapshot;
using Weft.Xds;
using Weft.Xds.Proto.Service.Discovery.V3;
using Weft.Xds.Proto.WeftV1;

namespace Weft.CommandLine.Explain;

/// <summary>The snapshot that a proxy decides by, built from the very resources that weftd sends it, by the decoder that the proxy runs.</summary>
internal sealed class ProxyView : IDisposable
{
    private readonly SnapshotStore _store = new();

    private ProxyView(string proxy, string digest, MeshSnapshot? snapshot) => (Proxy, Digest, Snapshot) = (proxy, digest, snapshot!);

    /// <summary>NAME.NAMESPACE of the pod.</summary>
    public string Proxy { get; private init; }

    public string Digest { get; private init; }

    public MeshSnapshot Snapshot { get; private set; }

    public static async Task<ProxyView> LoadAsync(SocketClient weftd, PodName pod, CancellationToken cancellation)
    {
        byte[] bytes = await weftd.GetBytesAsync($"/debug/resources?proxy={pod.Name}.{pod.Namespace}", cancellation);
        ProxyResources resources = ProxyResources.Parser.ParseFrom(bytes);
        ProxyView view = new(pod.ToString(), resources.Digest, null);
        view.Snapshot = view.Publish(resources);
        return view;
    }

    public void Dispose() => _store.Dispose();

    private MeshSnapshot Publish(ProxyResources resources)
    {
        SnapshotUpdate update = new();
        List<string> problems = [];
        foreach (DeltaDiscoveryResponse response in resources.Responses)
        {
            foreach (Resource resource in response.Resources)
            {
                DecodedResource decoded = ResourceDecoder.Decode(resource.Resource_.TypeUrl, resource.Name, resource.Resource_.Value.Span);
                if (decoded.Image is { } image)
                {
                    update.Put(image);
                }

                if (decoded.MeshKey.Length > 0)
                {
                    update.MeshKey = MeshKey.FromText(decoded.MeshKey);
                }

                problems.AddRange(decoded.ProblemLines());
            }
        }

        return problems.Count == 0 ? _store.Publish(update, resources.Digest)
            : throw new CommandException($"the proxy of {Proxy} refuses what weftd has for it:\n  {string.Join("\n  ", problems)}");
    }
}
