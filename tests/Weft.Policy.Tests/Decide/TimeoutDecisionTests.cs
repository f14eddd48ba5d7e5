using System;
using Weft.Policy.Blocks;
using Weft.Policy.Decide;
using Weft.Policy.Model;
using Weft.Policy.Tests.Support;
using Weft.Policy.Trace;

namespace Weft.Policy.Tests.Decide;

public class TimeoutDecisionTests
{
    [Fact]
    public void Of_NothingSet_IsEnvoysDefaults()
    {
        RequestTimeouts timeouts = Of(new RouteActionConfig { Cluster = "c" });

        Assert.Equal(TimeSpan.FromSeconds(15), timeouts.Route.Value);
        Assert.Equal(TimeSpan.FromMinutes(5), timeouts.StreamIdle.Value);
        Assert.False(timeouts.PerTry.IsLimit);
        Assert.False(timeouts.MaxStreamDuration.IsLimit);
    }

    [Fact]
    public void Of_ZeroOnTheRoute_IsOff() => Assert.False(Of(new RouteActionConfig { Cluster = "c", Timeout = TimeLimit.Off }).Route.IsLimit);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 0)]   // not below the route's: pointless
    [InlineData(5, 0)]
    public void Of_PerTryTimeout_OnlyBelowTheRoutes(int perTrySeconds, int expectedSeconds)
    {
        var action = new RouteActionConfig
        {
            Cluster = "c",
            Timeout = TimeLimit.From(TimeSpan.FromSeconds(3)),
            RetryPolicy = new RetryPolicyConfig { RetryOn = RetryOn.ServerError, PerTryTimeout = TimeLimit.From(TimeSpan.FromSeconds(perTrySeconds)) },
        };

        Assert.Equal(TimeSpan.FromSeconds(expectedSeconds), Of(action).PerTry.Value);
    }

    [Fact]
    public void Of_RouteIdleTimeout_WinsOverTheManagers()
        => Assert.Equal(TimeSpan.FromSeconds(7), Of(new RouteActionConfig { Cluster = "c", IdleTimeout = TimeLimit.From(TimeSpan.FromSeconds(7)) }, TimeLimit.Off).StreamIdle.Value);

    private static RequestTimeouts Of(RouteActionConfig action, TimeLimit streamIdle = default)
    {
        BlockImage image = Compiled.Of(Grid.VirtualHost("h", new RouteConfig { Forward = action }), "t");
        NoTrace none = default;
        return TimeoutDecision.Of(new VirtualHostView(new BlockView(image.Bytes)), 0, new HttpManagerRecord { StreamIdleTimeout = streamIdle }, ref none);
    }
}
