using System.Globalization;
using System.Linq;
using Weft.Local.Machine;

namespace Weft.Local.Tests;

public sealed class TrafficFiguresTests
{
    private static TrafficFigures Scrape(int good, int bad, string security = "mutual_tls", string reporter = "destination")
    {
        TrafficFigures figures = new();
        string text = string.Create(CultureInfo.InvariantCulture,
            $$"""
            # TYPE istio_requests_total counter
            istio_requests_total{reporter="{{reporter}}",response_code="200",connection_security_policy="{{security}}"} {{good}}
            istio_requests_total{reporter="{{reporter}}",response_code="503",connection_security_policy="{{security}}"} {{bad}}
            istio_request_duration_milliseconds_bucket{reporter="{{reporter}}",le="1"} {{good}}
            istio_request_duration_milliseconds_bucket{reporter="{{reporter}}",le="5"} {{good + bad}}
            istio_request_duration_milliseconds_bucket{reporter="{{reporter}}",le="+Inf"} {{good + bad}}
            broken{ 7
            """);
        figures.Add("pod", text, isGateway: false);
        return figures;
    }

    [Fact]
    public void Figures_BetweenTwoScrapes_CountOnlyWhatCameBetween()
    {
        TrafficFigures before = Scrape(100, 10);
        TrafficFigures now = Scrape(190, 20);

        Assert.Equal(100, now.Requests(before));
        Assert.Equal(0.1, now.ErrorShare(before));
        Assert.Equal(5, now.P99(before));
        Assert.Equal(1, now.MutualTlsShare(before));
    }

    [Fact]
    public void Figures_ProxyStartedAnew_CountsFromZeroAgain() => Assert.Equal(30, Scrape(30, 0).Requests(Scrape(100, 0)));

    [Fact]
    public void Figures_WhatWasSent_IsNotWhatWasReceived() => Assert.False(Scrape(5, 5, reporter: "source").HasRequests);

    [Fact]
    public void Figures_NothingCame_SayNothing()
    {
        TrafficFigures same = Scrape(10, 0, "none");

        Assert.Null(same.ErrorShare(same));
        Assert.Null(same.P99(same));
    }

    [Fact]
    public void Sample_EscapedLabel_IsReadWhole()
    {
        PrometheusSample sample = Assert.Single(PrometheusSample.Parse("m{a=\"x,\\\"y\\\"\",b=\"}\"} 1.5 1700000000", "m").ToList());

        Assert.Equal("x,\"y\"", sample.Labels["a"]);
        Assert.Equal("}", sample.Labels["b"]);
        Assert.Equal(1.5, sample.Value);
    }
}
