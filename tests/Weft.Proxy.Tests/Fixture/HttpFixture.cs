using System;
using System.Threading.Tasks;
using Weft.Policy.Model;
using Weft.Testing;

namespace Weft.Proxy.Tests.Fixture;

/// <summary>The plainest set-up: a client, a gateway listener, one cluster whose only endpoint is a <see cref="RawServer"/> that the test plays.</summary>
internal sealed class HttpFixture : IAsyncDisposable
{
    public HttpFixture(int concurrency = 1, Action<HttpFixture>? arrange = null)
    {
        Port = RunningProxy.FreePort();
        Manager = Config.AddGateway(Port, "routes");
        Action = Config.AddRoutes("routes", "web");
        Cluster = Config.AddCluster("web", Upstream.Port);
        arrange?.Invoke(this);
        Proxy = RunningProxy.Start(Config, concurrency);
    }

    public int Port { get; }
    public ConfigSet Config { get; } = new();
    public HttpConnectionManagerConfig Manager { get; }
    public RouteActionConfig Action { get; }
    public ClusterConfig Cluster { get; }
    public VirtualHostConfig Host => Config.RouteTables[0].VirtualHosts[0];
    public RawServer Upstream { get; } = new();
    public RunningProxy Proxy { get; }

    public RawPeer Client() => RawPeer.Connect(Port);

    /// <summary>Publishes the configuration again, changed by the test.</summary>
    public void Republish(string digest) => Proxy.Host.Publish(Config.Build(), digest);

    public async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        Upstream.Dispose();
    }
}
