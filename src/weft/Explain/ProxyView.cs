using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Weft.CommandLine.Mesh;
using Weft.CommandLine.Output;
using Weft.Policy.Snapshot;
using Weft.Xds.Delta;

namespace Weft.CommandLine.Explain;

/// <summary>The snapshot that a proxy decides by, built from the very resources that weftd sends it, by the decoder that the proxy runs.</summary>
internal sealed class ProxyView : IDisposable
{
    private readonly SnapshotStore _store = new();

    private ProxyView(string proxy) => Proxy = proxy;

    /// <summary>NAME.NAMESPACE of the pod.</summary>
    public string Proxy { get; }

    public string Digest => Snapshot.Digest;

    public MeshSnapshot Snapshot => _store.Current;

    public static async Task<ProxyView> LoadAsync(SocketClient weftd, PodName pod, CancellationToken cancellation)
    {
        byte[] bytes = await weftd.GetBytesAsync($"/debug/resources?proxy={pod.Name}.{pod.Namespace}", cancellation);
        ProxyView view = new(pod.ToString());
        IReadOnlyList<string> problems = ProxyResourcesLoader.Load(bytes, view._store);
        if (problems.Count == 0)
        {
            return view;
        }

        view.Dispose();
        throw new CommandException($"the proxy of {pod} refuses what weftd has for it:\n  {string.Join("\n  ", problems)}");
    }

    public void Dispose() => _store.Dispose();
}
