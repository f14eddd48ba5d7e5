using System;
using System.Collections.Generic;
using Weft.Proxy.Bootstrap;

namespace Weft.Proxy.Tests.Bootstrap;

public sealed class OptionsReaderTests
{
    [Fact]
    public void TryRead_FlagsOfALauncher_AreAllTaken()
    {
        string[] args =
        [
            "--role", "router", "--pod", "gw-1", "--namespace", "istio-system", "--service-account", "gw", "--address", "10.244.0.9",
            "--labels", "app=gw,version=v1", "--owner", "gw", "--discovery", "10.244.0.1:15012", "--mark", "1337", "--concurrency", "2",
            "--door", "80=7", "--door=443=8", "--upstream-dns", "10.244.0.1", "--drain-seconds", "5", "--dns-fd", "9", "--admin-socket", "/run/a.sock",
        ];
        Assert.True(OptionsReader.TryRead(args, _ => null, out var options, out var problems), string.Join('\n', problems));
        Assert.Equal(ProxyRole.Router, options.Role);
        Assert.Equal([new Door(80, 7), new Door(443, 8)], options.Doors);
        Assert.Equal("v1", options.Labels["version"]);
        Assert.Equal("router~10.244.0.9~gw-1.istio-system~istio-system.svc.cluster.local", options.NodeId);
        Assert.Equal("spiffe://cluster.local/ns/istio-system/sa/gw", options.SpiffeId);
        Assert.Equal((1337, 2, 5, 9), (options.Mark, options.Concurrency, options.DrainSeconds, options.DnsDescriptor));
    }

    [Fact]
    public void TryRead_Environment_FillsWhatFlagsLeaveOut()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["WEFT_DRAIN_SECONDS"] = "7", ["POD_NAME"] = "web-1", ["WEFT_NAMESPACE"] = "a", ["WEFT_DOOR"] = "80=5,81=6" };
        Assert.True(OptionsReader.TryRead(["--namespace", "b"], environment.GetValueOrDefault, out var options, out _));
        Assert.Equal((7, "web-1", "b", 2), (options.DrainSeconds, options.Pod, options.Namespace, options.Doors.Count));
    }

    [Fact]
    public void TryRead_SeveralMistakes_AreAllNamed()
    {
        Assert.False(OptionsReader.TryRead(["--role", "waypoint", "--mark", "x", "--bogus", "1", "--door", "80", "--address", "here", "loose"], _ => null, out _, out var problems));
        Assert.Equal(6, problems.Count);
        Assert.Contains(problems, p => p.Contains("--role must be sidecar or router", StringComparison.Ordinal));
    }
}
