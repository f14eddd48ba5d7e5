using System;
using System.Collections.Generic;
using System.Linq;

namespace Weft.Interception.Tests;

public sealed class RedirectRulesTests
{
    [Fact]
    public void Build_OwnerGuardWithoutDns_IsIstiosRuleSetInItsOrder()
    {
        // reference/istio.md 4.1: REDIRECT, inbound *, outbound *, uid = gid = 1337.
        RuleTable table = RedirectRules.Build(new InterceptionSettings { Guards = LoopGuards.Owner, DnsPort = null });

        Assert.Equal(
        [
            "-A ISTIO_OUTPUT -s 127.0.0.6/32 -o lo -j RETURN",
            "-A ISTIO_OUTPUT ! -d 127.0.0.1/32 -o lo -p tcp -m tcp ! --dport 15008 -m owner --uid-owner 1337 -j ISTIO_IN_REDIRECT",
            "-A ISTIO_OUTPUT -o lo -m owner ! --uid-owner 1337 -j RETURN",
            "-A ISTIO_OUTPUT -m owner --uid-owner 1337 -j RETURN",
            "-A ISTIO_OUTPUT ! -d 127.0.0.1/32 -o lo -p tcp -m tcp ! --dport 15008 -m owner --gid-owner 1337 -j ISTIO_IN_REDIRECT",
            "-A ISTIO_OUTPUT -o lo -m owner ! --gid-owner 1337 -j RETURN",
            "-A ISTIO_OUTPUT -m owner --gid-owner 1337 -j RETURN",
            "-A ISTIO_OUTPUT -d 127.0.0.1/32 -j RETURN",
            "-A ISTIO_OUTPUT -j ISTIO_REDIRECT",
        ], table.RulesOf(RedirectRules.Output).Select(rule => rule.ToString()));
        Assert.Equal(
        [
            "-A ISTIO_INBOUND -p tcp -m tcp --dport 15008 -j RETURN",
            "-A ISTIO_INBOUND -p tcp -m tcp --dport 15090 -j RETURN",
            "-A ISTIO_INBOUND -p tcp -m tcp --dport 15021 -j RETURN",
            "-A ISTIO_INBOUND -p tcp -m tcp --dport 15020 -j RETURN",
            "-A ISTIO_INBOUND -p tcp -j ISTIO_IN_REDIRECT",
        ], table.RulesOf(RedirectRules.Inbound).Select(rule => rule.ToString()));
    }

    [Fact]
    public void Build_MarkGuard_NeverAsksForAnOwner()
    {
        // EINVAL where only one uid is mapped (linux-facts).
        string text = IptablesText.Render(RedirectRules.Build(new InterceptionSettings { Guards = LoopGuards.SocketMark }));

        Assert.DoesNotContain("owner", text, StringComparison.Ordinal);
        Assert.Contains("-A ISTIO_OUTPUT -m mark --mark 0x539 -j RETURN", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_WithoutAnyGuard_IsRefused() =>
        Assert.Throws<ArgumentException>(() => RedirectRules.Build(new InterceptionSettings { Guards = default }));

    [Fact]
    public void Build_ModeNone_HasNoRule() =>
        Assert.Empty(RedirectRules.Build(new InterceptionSettings { Guards = LoopGuards.Owner, Mode = InterceptionMode.None }).Rules);

    [Fact]
    public void Build_DnsCaptured_GuardsComeBeforeTheNamesAndLoopbackQuestionsAreCaught()
    {
        List<string> output = [.. RedirectRules.Build(new InterceptionSettings { Guards = LoopGuards.SocketMark }).RulesOf(RedirectRules.Output).Select(rule => rule.ToString())];

        // The proxy's own question upstream must not come back to it.
        Assert.True(output.IndexOf("-A ISTIO_OUTPUT -m mark --mark 0x539 -j RETURN") < output.IndexOf("-A ISTIO_OUTPUT -j ISTIO_OUTPUT_DNS"));
        // A resolver at 127.0.0.1 is captured too: the jump comes before the loopback return.
        Assert.True(output.IndexOf("-A ISTIO_OUTPUT -j ISTIO_OUTPUT_DNS") < output.IndexOf("-A ISTIO_OUTPUT -d 127.0.0.1/32 -j RETURN"));
    }

    [Fact]
    public void Build_UdpOtherThanDns_IsUntouched()
    {
        RuleTable table = RedirectRules.Build(new InterceptionSettings { Guards = LoopGuards.SocketMark });

        IEnumerable<Rule> redirectingUdp = table.Rules.Where(rule => rule.IsRedirecting && rule.Matches.Any(match => match is { Option: "-p", Value: "udp" }));

        Rule dns = Assert.Single(redirectingUdp);
        Assert.Contains(dns.Matches, match => match is { Option: "--dport", Value: "53" });
        Assert.All(table.Rules.Where(rule => rule.IsRedirecting), rule => Assert.Contains(rule.Matches, match => match.Option == "-p"));
    }

    [Fact]
    public void Build_EveryAnnotation_IsInTheRules()
    {
        List<InterceptionProblem> problems = [];
        InterceptionSettings settings = InterceptionAnnotations.Read(new Dictionary<string, string>
        {
            [InterceptionAnnotations.ExcludeInboundPorts] = "9090, 9091",
            [InterceptionAnnotations.IncludeOutboundRanges] = "10.96.0.0/16,10.244.3.7/16",
            [InterceptionAnnotations.ExcludeOutboundRanges] = "10.96.0.9",
            [InterceptionAnnotations.IncludeOutboundPorts] = "443",
            [InterceptionAnnotations.ExcludeOutboundPorts] = "3306",
            [InterceptionAnnotations.ExcludeInterfaces] = "docker0",
        }, LoopGuards.SocketMark, problems);

        string text = IptablesText.Render(RedirectRules.Build(settings));

        Assert.Empty(problems);
        Assert.Contains("-A ISTIO_INBOUND -p tcp -m tcp --dport 9090 -j RETURN\n-A ISTIO_INBOUND -p tcp -m tcp --dport 9091 -j RETURN\n-A ISTIO_INBOUND -p tcp -j ISTIO_IN_REDIRECT", text, StringComparison.Ordinal);
        Assert.Contains("-A ISTIO_OUTPUT -d 10.96.0.0/16 -j ISTIO_REDIRECT\n-A ISTIO_OUTPUT -d 10.244.0.0/16 -j ISTIO_REDIRECT\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("-A ISTIO_OUTPUT -j ISTIO_REDIRECT", text, StringComparison.Ordinal);
        Assert.Contains("-A ISTIO_OUTPUT -d 10.96.0.9/32 -j RETURN", text, StringComparison.Ordinal);
        Assert.Contains("-A ISTIO_OUTPUT -p tcp -m tcp --dport 443 -j ISTIO_REDIRECT", text, StringComparison.Ordinal);
        Assert.Contains("-A ISTIO_OUTPUT -p tcp -m tcp --dport 3306 -j RETURN", text, StringComparison.Ordinal);
        Assert.Contains("-A PREROUTING -i docker0 -j RETURN\n-A OUTPUT -o docker0 -j RETURN", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_IncludedInboundPorts_AreTheOnlyOnesRedirected()
    {
        RuleTable table = RedirectRules.Build(new InterceptionSettings { Guards = LoopGuards.SocketMark, IncludeInboundPorts = PortSelection.Of(8080) });

        Assert.Equal(["15008", "8080"], table.RulesOf(RedirectRules.Inbound).SelectMany(rule => rule.Matches).Where(match => match.Option == "--dport").Select(match => match.Value));
    }

    [Theory]
    [InlineData(InterceptionAnnotations.ExcludeInboundPorts, "80,http")]
    [InlineData(InterceptionAnnotations.ExcludeInboundPorts, "0")]
    [InlineData(InterceptionAnnotations.IncludeInboundPorts, "70000")]
    [InlineData(InterceptionAnnotations.IncludeOutboundRanges, "10.0.0.0/33")]
    [InlineData(InterceptionAnnotations.IncludeOutboundRanges, "fd00::/8")]
    [InlineData(InterceptionAnnotations.ExcludeInterfaces, "-j")]
    [InlineData(InterceptionAnnotations.Mode, "TPROXY")]
    public void Read_UnreadableAnnotation_IsReportedAndRedirectsAll(string annotation, string value)
    {
        List<InterceptionProblem> problems = [];

        InterceptionSettings settings = InterceptionAnnotations.Read(new Dictionary<string, string> { [annotation] = value }, LoopGuards.Owner, problems);

        Assert.Equal(annotation, Assert.Single(problems).Annotation);
        Assert.Equal(
            IptablesText.Render(RedirectRules.Build(new InterceptionSettings { Guards = LoopGuards.Owner })),
            IptablesText.Render(RedirectRules.Build(settings)));
    }
}
