using System;
using System.Collections.Generic;
using System.Text;
using Weft.CommandLine.Output;
using Weft.Http;
using Weft.Policy;
using Weft.Policy.Blocks;
using Weft.Policy.Decide;
using Weft.Policy.Model;
using Weft.Policy.Snapshot;
using Weft.Policy.Trace;

namespace Weft.CommandLine.Explain;

/// <summary>An endpoint that may be picked, and how it is spoken to.</summary>
/// <param name="Address">ip:port.</param>
/// <param name="Sni">Server name of the mutual TLS connection; null for plaintext.</param>
/// <param name="Alpn">Offered protocols, in order.</param>
internal sealed record Candidate(IpPort Address, string? Sni, IReadOnlyList<string> Alpn);

/// <summary>The caller's side of the answer, decided by the functions that its proxy runs.</summary>
internal sealed class OutboundExplainer(ProxyView view, string ns, ExplainRequest request, Report report, Steps steps)
{
    private const int OutboundPort = 15001;
    private readonly MeshSnapshot _snapshot = view.Snapshot;

    /// <summary>Endpoints that may be picked; empty when the request does not leave this proxy.</summary>
    public List<Candidate> Candidates { get; } = [];

    public void Run()
    {
        IpAddress address = Resolve();
        IpPort destination = new(address, request.Port);
        ExplainTrace trace = new();
        ResourceId capturing = _snapshot.FindListener(new IpPort(IpAddress.AnyV4, OutboundPort));
        if (capturing.IsNone)
        {
            throw new CommandException($"the proxy of {view.Proxy} captures nothing: it has no listener on port {OutboundPort} (a gateway? ask from a sidecar)");
        }

        ListenerChoice choice = ListenerDecision.Choose(_snapshot, capturing, destination, ref trace);
        ListenerView listener = _snapshot.Listener(choice.Listener);
        ConnectionFacts facts = new() { Destination = destination, TransportProtocol = "raw_buffer"u8, ApplicationProtocols = "\u0008http/1.1"u8 };
        int chain = FilterChainDecision.Choose(listener, facts, ref trace);
        if (chain == FilterChainDecision.NoChain)
        {
            Finish(trace, "a closed connection: no filter chain takes it");
            return;
        }

        ref readonly FilterChainRecord record = ref listener.Chain(chain);
        if (record.TerminalFilter != TerminalFilterKind.HttpConnectionManager)
        {
            ResourceId cluster = TcpDecision.Decide(_snapshot, listener, record.TerminalIndex, RequestIdBytes(), ref trace);
            Forward(cluster, destination, ref trace);
            steps.Add("outbound", view.Proxy, trace);
            return;
        }

        Http(choice.Listener, record.TerminalIndex, destination, ref trace);
        steps.Add("outbound", view.Proxy, trace);
    }

    private void Http(ResourceId listener, int manager, IpPort destination, ref ExplainTrace trace)
    {
        HeaderBlockBuilder headers = new();
        foreach ((string name, string value) in request.Headers)
        {
            headers.Add(name, value);
        }

        if (request.RequestId is not null)
        {
            headers.Add("x-request-id", request.RequestId);
        }

        Span<byte> authority = stackalloc byte[CanonicalAuthority.MaxLength];
        byte[] target = Encoding.UTF8.GetBytes(request.Target);
        int mark = target.AsSpan().IndexOf((byte)'?');
        byte[] path = new byte[target.Length];
        ReadOnlySpan<byte> rawPath = mark < 0 ? target : target.AsSpan(0, mark), rawAuthority = Encoding.UTF8.GetBytes(request.Authority);
        Canonical pathForm = CanonicalPath.Normalize(rawPath, path, out int pathLength);
        Canonical hostForm = CanonicalAuthority.Normalize(rawAuthority, authority, out AuthorityParts parts);
        if (pathForm == Canonical.Rejected || hostForm == Canonical.Rejected)
        {
            report.Answer = $"400: the {(pathForm == Canonical.Rejected ? "path" : "host")} is ambiguous or malformed, and an ambiguous request is refused";
            return;
        }

        RequestView requestView = new()
        {
            Method = Encoding.UTF8.GetBytes(request.Method),
            Scheme = "http"u8,
            Authority = hostForm == Canonical.Unchanged ? rawAuthority : authority[..parts.Length],
            Path = pathForm == Canonical.Unchanged ? rawPath : path.AsSpan(0, pathLength),
            Query = mark < 0 ? default : target.AsSpan(mark),
            Headers = headers.Build(),
        };
        RequestChoice decided = RequestDecision.Decide(_snapshot, _snapshot.RouteTableOf(listener, manager), requestView, RequestIdBytes(), ref trace);
        if (decided.RouteIndex >= 0)
        {
            VirtualHostView host = _snapshot.VirtualHost(decided.VirtualHost);
            report.Route = host.Block.String(host.Route(decided.RouteIndex).Name);
        }

        switch (decided.Outcome)
        {
            case RequestOutcome.Forward:
                TimeoutDecision.Of(_snapshot.VirtualHost(decided.VirtualHost), decided.RouteIndex, _snapshot.Listener(listener).Http(manager), ref trace);
                RetryDecision.Describe(_snapshot.VirtualHost(decided.VirtualHost), decided.RouteIndex, ref trace);
                Forward(decided.Cluster, destination, ref trace);
                ForgetTheDraw(decided);
                break;
            case RequestOutcome.ClusterNotFound:
                report.Answer = "503: the route names a cluster that does not exist (flag NC)";
                break;
            case RequestOutcome.NoVirtualHost or RequestOutcome.NoRoute or RequestOutcome.RouteConfigurationNotFound:
                report.Answer = "404: nothing routes it (flag NR)";
                break;
            default:
                report.Answer = decided.Outcome == RequestOutcome.DirectResponse ? "the route's direct response" : "a redirect";
                break;
        }
    }

    /// <summary>Without a request id nobody can know which weighted cluster the proxy will draw.</summary>
    private void ForgetTheDraw(in RequestChoice decided)
    {
        if (request.RequestId is not null || decided.WeightedIndex < 0)
        {
            return;
        }

        VirtualHostView host = _snapshot.VirtualHost(decided.VirtualHost);
        report.Cluster = report.Subset = "";
        report.Endpoints.Clear();
        Candidates.Clear();
        foreach (WeightedClusterRecord weighted in host.Block.WeightedClusters(host.Action(host.Route(decided.RouteIndex)).WeightedClusters))
        {
            ResourceId id = _snapshot.Find(BlockKind.Cluster, host.Block, weighted.Cluster);
            ExplainTrace unheard = new();
            Collect(_snapshot.Cluster(id), ref unheard);
        }
    }

    private void Forward(ResourceId id, IpPort destination, ref ExplainTrace trace)
    {
        ClusterView cluster = _snapshot.Cluster(id);
        if (cluster.IsEmpty)
        {
            report.Answer = "a closed connection: the cluster does not exist (flag NC)";
            return;
        }

        report.Cluster = Encoding.UTF8.GetString(cluster.Name);
        report.Subset = cluster.Block.String(cluster.Root.Subset);
        NoLoad load = default;
        EndpointSetView endpoints = _snapshot.EndpointsOf(cluster);
        EndpointChoice choice = EndpointDecision.Pick(
            cluster, endpoints, destination, EndpointDecision.DrawFor(_snapshot, cluster, RequestIdBytes(), 0), 0, [], ref load, ref trace);
        if (choice.Outcome == EndpointOutcome.NoHealthyUpstream)
        {
            report.Answer = "503: no endpoint is ready (flag UH)";
            return;
        }

        if (choice.Outcome == EndpointOutcome.OriginalDestination)
        {
            report.Endpoints.Add(choice.Address.ToString());
            TransportSocketDecision.Choose(cluster, endpoints, -1, ref trace);
            return;
        }

        Collect(cluster, ref trace);
    }

    private void Collect(ClusterView cluster, ref ExplainTrace trace)
    {
        if (cluster.IsEmpty)
        {
            return;
        }

        EndpointSetView endpoints = _snapshot.EndpointsOf(cluster);
        if (endpoints.IsEmpty)
        {
            return;
        }

        bool isFirst = true;
        for (int i = 0; i < endpoints.Endpoints.Length; i++)
        {
            if (!endpoints.Endpoints[i].IsReady)
            {
                continue;
            }

            ExplainTrace unheard = new();
            int tls = isFirst ? TransportSocketDecision.Choose(cluster, endpoints, i, ref trace) : TransportSocketDecision.Choose(cluster, endpoints, i, ref unheard);
            isFirst = false;
            report.Endpoints.Add(endpoints.Endpoints[i].Endpoint.ToString());
            Candidates.Add(tls == TransportSocketDecision.Plaintext
                ? new(endpoints.Endpoints[i].Endpoint, null, [])
                : new(endpoints.Endpoints[i].Endpoint, cluster.Block.String(cluster.Tls(tls).Sni), Alpn(cluster, tls)));
        }
    }

    private static string[] Alpn(ClusterView cluster, int tls)
    {
        List<string> names = [];
        foreach (Text text in cluster.Block.Texts(cluster.Tls(tls).AlpnProtocols))
        {
            names.Add(cluster.Block.String(text));
        }

        return [.. names];
    }

    private IpAddress Resolve()
    {
        if (IpAddress.TryParse(request.Host, out IpAddress literal))
        {
            return literal;
        }

        NameTableView names = _snapshot.NameTable();
        foreach (string name in new[] { request.Host, $"{request.Host}.{ns}.svc.cluster.local", $"{request.Host}.svc.cluster.local", $"{request.Host}.cluster.local" })
        {
            int found = names.Find(Encoding.ASCII.GetBytes(name));
            if (found >= 0 && !names.Addresses(names.Entries[found]).IsEmpty)
            {
                IpAddress address = names.Addresses(names.Entries[found])[0].Network;
                steps.Add("outbound", view.Proxy, "dns", "taken", address.ToString(), $"{request.Host} is {name}, answered by the sidecar");
                return address;
            }
        }

        throw new CommandException($"{request.Host} is no name of the mesh (asked from namespace {ns}). Names outside it are resolved by the pod when it asks; explain them by address.");
    }

    private void Finish(ExplainTrace trace, string answer)
    {
        steps.Add("outbound", view.Proxy, trace);
        report.Answer = answer;
    }

    private byte[] RequestIdBytes() => Encoding.UTF8.GetBytes(request.RequestId ?? "");

    private struct NoLoad : IEndpointLoad
    {
        public readonly int ActiveRequests(int endpointIndex) => 0;
    }
}
