using System;
using System.Collections.Generic;
using System.Globalization;

namespace Weft.Interception;

/// <summary>
/// The redirection rules of one pod, as data: Istio's chains and order (reference/istio.md 4.1), with a socket mark as a third
/// way to know the proxy. Pure: settings in, table out.
/// </summary>
public static class RedirectRules
{
    public const string Inbound = "ISTIO_INBOUND";
    public const string InRedirect = "ISTIO_IN_REDIRECT";
    public const string Redirect = "ISTIO_REDIRECT";
    public const string Output = "ISTIO_OUTPUT";
    public const string OutputDns = "ISTIO_OUTPUT_DNS";
    private const string Return = "RETURN";

    /// <summary>The nat table for <paramref name="settings"/>; empty for mode NONE.</summary>
    /// <exception cref="ArgumentException">No loop guard is set, or the mode cannot be rendered.</exception>
    public static RuleTable Build(InterceptionSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Mode == InterceptionMode.None)
        {
            return new RuleTable("nat", [], []);
        }

        if (settings.Mode != InterceptionMode.Redirect)
        {
            throw new ArgumentException($"mode {settings.Mode} cannot be rendered", nameof(settings));
        }

        if (!settings.Guards.IsAnySet)
        {
            throw new ArgumentException("without a loop guard the proxy's own connections would be redirected to itself", nameof(settings));
        }

        List<string> chains = [Inbound, InRedirect, Output, Redirect];
        if (settings.DnsPort is not null)
        {
            chains.Add(OutputDns);
        }

        List<Rule> rules = [];
        AddInterfaces(rules, settings);
        AddInbound(rules, settings);
        AddOutbound(rules, settings);
        return new RuleTable("nat", chains, rules);
    }

    private static void AddInterfaces(List<Rule> rules, InterceptionSettings settings)
    {
        foreach (string name in settings.ExcludeInterfaces)
        {
            rules.Add(new Rule("PREROUTING", [new("-i", name)], Return));
            rules.Add(new Rule("OUTPUT", [new("-o", name)], Return));
        }
    }

    private static void AddInbound(List<Rule> rules, InterceptionSettings settings)
    {
        rules.Add(new Rule(InRedirect, [Tcp], "REDIRECT", "--to-ports", Text(settings.InboundPort)));
        rules.Add(new Rule("PREROUTING", [Tcp], Inbound));
        rules.Add(new Rule(Inbound, [Tcp, new("--dport", Text(InterceptionSettings.TunnelPort))], Return));
        if (!settings.IncludeInboundPorts.IsAll)
        {
            foreach (int port in settings.IncludeInboundPorts.Ports)
            {
                rules.Add(new Rule(Inbound, [Tcp, new("--dport", Text(port))], InRedirect));
            }

            return;
        }

        foreach (int port in InterceptionSettings.AlwaysExcludedInbound)
        {
            rules.Add(new Rule(Inbound, [Tcp, new("--dport", Text(port))], Return));
        }

        foreach (int port in settings.ExcludeInboundPorts)
        {
            rules.Add(new Rule(Inbound, [Tcp, new("--dport", Text(port))], Return));
        }

        rules.Add(new Rule(Inbound, [Tcp], InRedirect));
    }

    private static void AddOutbound(List<Rule> rules, InterceptionSettings settings)
    {
        rules.Add(new Rule(Redirect, [Tcp], "REDIRECT", "--to-ports", Text(settings.OutboundPort)));
        rules.Add(new Rule("OUTPUT", [], Output));
        foreach (int port in settings.ExcludeOutboundPorts)
        {
            rules.Add(new Rule(Output, [Tcp, new("--dport", Text(port))], Return));
            rules.Add(new Rule(Output, [Udp, new("--dport", Text(port))], Return));
        }

        // The proxy's connection to its own workload: already authorised, goes straight in.
        rules.Add(new Rule(Output, [new("-s", InterceptionSettings.InboundPassthroughSource), Loopback], Return));
        foreach (RuleMatch guard in GuardsOf(settings.Guards))
        {
            AddGuard(rules, guard, settings.DnsPort is not null);
        }

        if (settings.DnsPort is { } dnsPort)
        {
            rules.Add(new Rule(OutputDns, [Tcp, new("--dport", "53")], "REDIRECT", "--to-ports", Text(dnsPort)));
            rules.Add(new Rule(OutputDns, [Udp, new("--dport", "53")], "REDIRECT", "--to-ports", Text(dnsPort)));
            rules.Add(new Rule(Output, [], OutputDns));
        }

        rules.Add(new Rule(Output, [new("-d", "127.0.0.1/32")], Return));
        foreach (string range in settings.ExcludeOutboundRanges)
        {
            rules.Add(new Rule(Output, [new("-d", range)], Return));
        }

        foreach (int port in settings.IncludeOutboundPorts)
        {
            rules.Add(new Rule(Output, [Tcp, new("--dport", Text(port))], Redirect));
        }

        if (settings.IncludeOutboundRanges.IsAll)
        {
            rules.Add(new Rule(Output, [], Redirect));
            return;
        }

        foreach (string range in settings.IncludeOutboundRanges.Ranges)
        {
            rules.Add(new Rule(Output, [new("-d", range)], Redirect));
        }
    }

    /// <summary>
    /// Three cases, in Istio's order: the proxy reaches its own pod through a service address (hairpin: back in through the
    /// inbound listener), the workload talks to itself (left alone, but for DNS), the proxy talks to the world (left alone).
    /// </summary>
    private static void AddGuard(List<Rule> rules, RuleMatch guard, bool capturesDns)
    {
        RuleMatch notTunnel = new("--dport", Text(InterceptionSettings.TunnelPort), true);
        rules.Add(new Rule(Output, [new("-d", "127.0.0.1/32", true), Loopback, Tcp, notTunnel, guard], InRedirect));
        RuleMatch notGuard = guard with { IsNegated = true };
        rules.Add(capturesDns
            ? new Rule(Output, [Loopback, Tcp, new("--dport", "53", true), notGuard], Return)
            : new Rule(Output, [Loopback, notGuard], Return));
        rules.Add(new Rule(Output, [guard], Return));
    }

    private static List<RuleMatch> GuardsOf(LoopGuards guards)
    {
        List<RuleMatch> matches = [];
        if (guards.Uid is { } uid)
        {
            matches.Add(new("--uid-owner", Text(uid)));
        }

        if (guards.Gid is { } gid)
        {
            matches.Add(new("--gid-owner", Text(gid)));
        }

        if (guards.Mark is { } mark)
        {
            matches.Add(new("--mark", "0x" + mark.ToString("x", CultureInfo.InvariantCulture)));
        }

        return matches;
    }

    private static RuleMatch Tcp => new("-p", "tcp");

    private static RuleMatch Udp => new("-p", "udp");

    private static RuleMatch Loopback => new("-o", "lo");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
