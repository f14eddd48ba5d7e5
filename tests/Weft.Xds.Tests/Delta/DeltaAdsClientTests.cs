using System;
using System.Collections.Generic;
using System.Linq;
using Weft.Policy.Snapshot;
using Weft.Xds.Delta;
using Weft.Xds.Proto.Config.Core.V3;
using Weft.Xds.Proto.Service.Discovery.V3;

namespace Weft.Xds.Tests.Delta;

public sealed class DeltaAdsClientTests : IDisposable
{
    private readonly SnapshotStore _store = new();
    private readonly SnapshotAssembler _assembler;
    private readonly DeltaAdsClient _client;

    public DeltaAdsClientTests()
    {
        _assembler = new SnapshotAssembler(_store);
        _client = new DeltaAdsClient(_assembler, NodeMessage.Write(
            "sidecar~10.0.0.1~web.grid~grid.svc.cluster.local",
            "web",
            new Dictionary<string, string> { ["NAMESPACE"] = "grid" },
            new Dictionary<string, string> { ["app"] = "web" },
            "0.1.0"));
        _client.SubscribeAll(XdsTypes.Weft);
    }

    [Fact]
    public void Open_FreshStream_AsksForEveryTypeInOrderAndNamesItselfOnce()
    {
        var requests = Parse(_client.Open());

        Assert.Equal(XdsTypes.Weft, requests.Select(r => r.TypeUrl));
        Assert.All(requests, r => Assert.Equal(["*"], r.ResourceNamesSubscribe));
        Assert.All(requests, r => Assert.Equal("", r.ResponseNonce));
        Assert.NotNull(requests[0].Node);
        Assert.All(requests.Skip(1), r => Assert.Null(r.Node));
    }

    [Fact]
    public void Open_Node_SaysWhoWeAreAndWhichContractWeEnforce()
    {
        Node node = Parse(_client.Open())[0].Node;

        Assert.Equal("sidecar~10.0.0.1~web.grid~grid.svc.cluster.local", node.Id);
        Assert.Equal("weft", node.Metadata.Fields["WEFT_DIALECT"].StringValue);
        Assert.Equal("1", node.Metadata.Fields["WEFT_CONTRACT"].StringValue);
        Assert.Equal("grid", node.Metadata.Fields["NAMESPACE"].StringValue);
        Assert.Equal("web", node.Metadata.Fields["LABELS"].StructValue.Fields["app"].StringValue);
    }

    [Fact]
    public void OnResponse_Good_IsAcknowledgedWithItsNonceAndNoSubscriptionChange()
    {
        _client.Open();
        var push = Push.Of("d", ("8080", Sample.RouteTable()));

        _client.OnResponse(push, out var answer);

        var ack = DeltaDiscoveryRequest.Parser.ParseFrom(answer!.ToBytes());
        Assert.Equal(DeltaDiscoveryResponse.Parser.ParseFrom(push).Nonce, ack.ResponseNonce);
        Assert.Null(ack.ErrorDetail);
        Assert.Empty(ack.ResourceNamesSubscribe);
    }

    [Fact]
    public void OnResponse_Bad_IsRefusedWithEveryProblem()
    {
        _client.Open();
        var bad = Sample.RouteTable();
        bad.Vhds = new();
        bad.RequestHeadersToRemove.Add(":path");

        _client.OnResponse(Push.Of("d", ("8080", bad)), out var answer);

        var nack = DeltaDiscoveryRequest.Parser.ParseFrom(answer!.ToBytes());
        Assert.NotEmpty(nack.ResponseNonce);
        Assert.Equal(3, nack.ErrorDetail.Code);
        Assert.Contains("RouteConfiguration 8080: vhds.config_source: is required", nack.ErrorDetail.Message, StringComparison.Ordinal);
        Assert.Contains("RouteConfiguration 8080: request_headers_to_remove[0]: :path cannot be changed", nack.ErrorDetail.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OnResponse_Unreadable_HasNoAnswer()
    {
        _client.Open();

        Assert.True(_client.OnResponse([0xff, 0xff, 0xff], out var answer).IsMalformed);
        Assert.Null(answer);
    }

    [Fact]
    public void Open_AfterAReconnect_SaysWhatIsHeldAndNotWhatWasStaged()
    {
        _client.Open();
        _client.OnResponse(Push.Of("d1", ("8080", Sample.RouteTable())), out _);
        _client.OnResponse(Push.Of("d2+", ("9090", Sample.RouteTable("9090"))), out _);
        _client.Close();

        var routes = Parse(_client.Open()).Single(r => r.TypeUrl == XdsTypes.RouteConfiguration);

        Assert.Equal(["8080"], routes.InitialResourceVersions.Keys);
        Assert.Equal(Push.VersionOf(Sample.RouteTable()), routes.InitialResourceVersions["8080"]);
    }

    [Fact]
    public void Open_AfterARefusal_DoesNotClaimTheRefusedVersion()
    {
        _client.Open();
        _client.OnResponse(Push.Of("d1", ("8080", Sample.RouteTable())), out _);
        var bad = Sample.RouteTable();
        bad.Vhds = new();
        _client.OnResponse(Push.Of("d2", ("8080", bad)), out _);

        var routes = Parse(_client.Open()).Single(r => r.TypeUrl == XdsTypes.RouteConfiguration);

        Assert.Equal(Push.VersionOf(Sample.RouteTable()), routes.InitialResourceVersions["8080"]);
    }

    [Fact]
    public void Open_AfterARemoval_NoLongerHoldsIt()
    {
        _client.Open();
        _client.OnResponse(Push.Of("d1", ("8080", Sample.RouteTable())), out _);
        _client.OnResponse(Push.Removal("d2", XdsTypes.RouteConfiguration, "8080"), out _);

        Assert.Empty(Parse(_client.Open()).Single(r => r.TypeUrl == XdsTypes.RouteConfiguration).InitialResourceVersions);
    }

    [Fact]
    public void Subscribe_OnAnOpenStream_IsSpontaneousAndOnlyForWhatIsNew()
    {
        _client.Open();

        var first = _client.Subscribe(XdsTypes.ClusterLoadAssignment, ["a", "b"]);
        var second = _client.Subscribe(XdsTypes.ClusterLoadAssignment, ["b", "c"]);

        Assert.Equal(["a", "b"], first!.Subscribe);
        Assert.Equal("", first.Nonce);
        Assert.Equal(["c"], second!.Subscribe);
        Assert.Null(_client.Subscribe(XdsTypes.ClusterLoadAssignment, ["c"]));
        Assert.Equal(["b"], _client.Unsubscribe(XdsTypes.ClusterLoadAssignment, ["b", "zzz"])!.Unsubscribe);
    }

    [Theory]
    [InlineData("0123456789abcdef0123456789abcdef")]
    [InlineData("1")]
    [InlineData("2026-11-23/17")]
    [InlineData("ABCDEF")]
    public void ResourceVersion_WhatAControlPlaneSends_ComesBackUnchanged(string version) =>
        Assert.Equal(version, ResourceVersion.From(version).ToString());

    [Fact]
    public void ResourceVersion_TooLongToKeep_IsUnknownRatherThanCut() =>
        Assert.False(ResourceVersion.From("2026-11-23T01:02:03Z/17-and-more").IsKnown);

    public void Dispose()
    {
        _assembler.Dispose();
        _store.Dispose();
    }

    private static List<DeltaDiscoveryRequest> Parse(IReadOnlyList<DeltaRequest> requests) =>
        [.. requests.Select(r => DeltaDiscoveryRequest.Parser.ParseFrom(r.ToBytes()))];
}
