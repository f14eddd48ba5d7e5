using System;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Weft.Policy.Blocks;
using Weft.Policy.Snapshot;
using Weft.Xds.Delta;
using Weft.Xds.Proto.Service.Discovery.V3;

namespace Weft.Xds.Tests.Delta;

public sealed class SnapshotAssemblerTests : IDisposable
{
    private const string HostName = "8080/forecast.grid.svc.cluster.local:8080";
    private readonly SnapshotStore _store = new();
    private readonly SnapshotAssembler _assembler;

    public SnapshotAssemblerTests() => _assembler = new SnapshotAssembler(_store);

    [Fact]
    public void Apply_ResponsesOfOnePush_SwapAtTheMarkedLastOneOnly()
    {
        Assert.Null(_assembler.Apply(Push.Of("d1+", (Sample.ForecastCluster, Sample.EdsCluster()))).Published);
        Assert.Null(_assembler.Apply(Push.Of("d1+", (Sample.ForecastCluster, Sample.Endpoints(Sample.ForecastCluster, "10.0.0.1")))).Published);
        Assert.Null(_assembler.Apply(Push.Of("d1+", (HostName, Sample.Host()))).Published);
        Assert.Null(_assembler.Apply(Push.Of("d1+", ("8080", Sample.RouteTable()))).Published);
        Assert.Equal(0, _store.Current.Count(BlockKind.Cluster));

        var last = _assembler.Apply(Push.Of("d1", ("ROOTCA", Sample.RootCa(Root()))));

        Assert.Equal("d1", last.Published!.Digest);
        Assert.Equal(0, last.Waiting);
        Assert.True(Has(BlockKind.Cluster, Sample.ForecastCluster));
        Assert.True(Has(BlockKind.VirtualHost, HostName));
    }

    [Fact]
    public void Apply_PlainControlPlane_SwapsPerResponse()
    {
        _assembler.Apply(Push.Of("", ("ROOTCA", Sample.RootCa(Root()))));
        Assert.NotNull(_assembler.Apply(Push.Of("", ("8080", Sample.RouteTable()))).Published);
        Assert.True(Has(BlockKind.RouteTable, "8080"));
    }

    [Fact]
    public void Apply_ClusterBeforeItsEndpoints_IsUsedOnlyWhenTheyAreThere()
    {
        _assembler.Apply(Push.Of("", ("ROOTCA", Sample.RootCa(Root()))));

        Assert.Equal(1, _assembler.Apply(Push.Of("", (Sample.ForecastCluster, Sample.EdsCluster()))).Waiting);
        Assert.False(Has(BlockKind.Cluster, Sample.ForecastCluster));

        Assert.Equal(0, _assembler.Apply(Push.Of("", (Sample.ForecastCluster, Sample.Endpoints(Sample.ForecastCluster, "10.0.0.1")))).Waiting);
        Assert.True(Has(BlockKind.Cluster, Sample.ForecastCluster));
    }

    [Fact]
    public void Apply_ListenerAndRoutesOfAWarmingCluster_WaitWithIt()
    {
        _assembler.Apply(Push.Of("", ("ROOTCA", Sample.RootCa(Root()))));
        _assembler.Apply(Push.Of("", (Sample.ForecastCluster, Sample.EdsCluster())));
        _assembler.Apply(Push.Of("", ("0.0.0.0_8080", Sample.HttpListener())));
        _assembler.Apply(Push.Of("", (HostName, Sample.Host())));
        Assert.False(Has(BlockKind.Listener, "0.0.0.0_8080"));
        Assert.False(Has(BlockKind.VirtualHost, HostName));

        _assembler.Apply(Push.Of("", ("8080", Sample.RouteTable())));
        Assert.True(Has(BlockKind.Listener, "0.0.0.0_8080"));

        _assembler.Apply(Push.Of("", (Sample.ForecastCluster, Sample.Endpoints(Sample.ForecastCluster, "10.0.0.1"))));
        Assert.True(Has(BlockKind.VirtualHost, HostName));
    }

    [Fact]
    public void Apply_OneBadResourceAmongGood_TakesTheGoodKeepsTheLastGoodOfTheBadAndSaysWhy()
    {
        Establish("d1");
        var bad = Sample.Host();
        bad.Domains.Clear();
        var good = Sample.Host("meters:8080");
        good.Domains[0] = "meters";
        good.Domains.RemoveAt(1);

        var outcome = _assembler.Apply(Push.Of("d2", (HostName, bad), ("8080/meters:8080", good)));

        Assert.Equal($"VirtualHost {HostName}: domains: needs at least one", outcome.Error);
        Assert.True(Has(BlockKind.VirtualHost, "8080/meters:8080"));
        Assert.True(Has(BlockKind.VirtualHost, HostName));
        Assert.Equal("d2!", outcome.Published!.Digest);

        Assert.Equal("d3", _assembler.Apply(Push.Of("d3", (HostName, Sample.Host()))).Published!.Digest);
    }

    [Fact]
    public void Apply_EndpointsRemovedUnderALivingCluster_KeepServingUntilTheClusterGoes()
    {
        Establish("d1");

        _assembler.Apply(Push.Removal("d2", XdsTypes.ClusterLoadAssignment, Sample.ForecastCluster));
        Assert.True(Has(BlockKind.EndpointSet, Sample.ForecastCluster));

        _assembler.Apply(Push.Removal("d3", XdsTypes.Cluster, Sample.ForecastCluster));
        Assert.False(Has(BlockKind.EndpointSet, Sample.ForecastCluster));
        Assert.False(Has(BlockKind.Cluster, Sample.ForecastCluster));
    }

    [Fact]
    public void Apply_TheSameAgain_ChangesNoRevision()
    {
        Establish("d1");
        var before = _store.Current.Revision;

        _assembler.Apply(Push.Of("d1", (HostName, Sample.Host())));

        Assert.Equal(before, _store.Current.Revision);
    }

    [Fact]
    public void Apply_NameTwiceInOneResponse_IsRefused() =>
        Assert.Contains("sent twice", _assembler.Apply(Push.Of("d", ("8080", Sample.RouteTable()), ("8080", Sample.RouteTable()))).Error, StringComparison.Ordinal);

    [Fact]
    public void Apply_AnyOfAnotherTypeThanTheResponse_IsRefused()
    {
        var response = DeltaDiscoveryResponse.Parser.ParseFrom(Push.Of("d", ("8080", Sample.RouteTable())));
        response.Resources[0].Resource_ = Any.Pack(Sample.Host());

        Assert.Contains("is a envoy.config.route.v3.VirtualHost", _assembler.Apply(response.ToByteArray()).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_TypeThatNobodyAskedFor_IsRefused() =>
        Assert.Contains("was not asked for", _assembler.Apply(new DeltaDiscoveryResponse { TypeUrl = "type.googleapis.com/x.Y", Nonce = "1" }.ToByteArray()).Error, StringComparison.Ordinal);

    [Fact]
    public void Apply_RandomBytes_NeverThrows()
    {
        var random = new Random(7);
        var whole = Push.Of("d", (HostName, Sample.Host()));
        for (var i = 0; i < 2000; i++)
        {
            var bytes = (byte[])whole.Clone();
            for (var edits = random.Next(1, 8); edits > 0; edits--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            Assert.NotNull(_assembler.Apply(bytes.AsSpan(0, random.Next(bytes.Length + 1))));
        }
    }

    [Fact]
    public void Load_ProxyResources_GiveTheSnapshotThatTheProxyWouldHave()
    {
        var resources = new Weft.Xds.Proto.WeftV1.ProxyResources { Digest = "d9" };
        resources.Responses.Add(DeltaDiscoveryResponse.Parser.ParseFrom(Push.Of("d9+", ("ROOTCA", Sample.RootCa(Root())))));
        resources.Responses.Add(DeltaDiscoveryResponse.Parser.ParseFrom(Push.Of("d9", ("8080", Sample.RouteTable()))));
        using var store = new SnapshotStore();

        Assert.Empty(ProxyResourcesLoader.Load(resources.ToByteArray(), store));
        Assert.Equal("d9", store.Current.Digest);
        Assert.Equal(1, store.Current.Count(BlockKind.RouteTable));
    }

    public void Dispose()
    {
        _assembler.Dispose();
        _store.Dispose();
    }

    internal static string Root()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("O=cluster.local", key, HashAlgorithmName.SHA256);
        using var root = request.CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
        return root.ExportCertificatePem();
    }

    private void Establish(string digest)
    {
        _assembler.Apply(Push.Of(digest + "+", ("ROOTCA", Sample.RootCa(Root()))));
        _assembler.Apply(Push.Of(digest + "+", (Sample.ForecastCluster, Sample.EdsCluster())));
        _assembler.Apply(Push.Of(digest + "+", (Sample.ForecastCluster, Sample.Endpoints(Sample.ForecastCluster, "10.0.0.1"))));
        _assembler.Apply(Push.Of(digest + "+", ("8080", Sample.RouteTable())));
        Assert.Equal(digest, _assembler.Apply(Push.Of(digest, (HostName, Sample.Host()))).Published!.Digest);
    }

    private bool Has(BlockKind kind, string name)
    {
        using var reader = _store.Register();
        return !reader.Enter().Find(kind, Encoding.UTF8.GetBytes(name)).IsNone;
    }
}
