using System.Linq;
using System.Text;
using Weft.Policy;
using Weft.Policy.Blocks;
using Weft.Policy.Decide;
using Weft.Policy.Model;
using Weft.Policy.Snapshot;
using Weft.Policy.Trace;

namespace Weft.CommandLine.Explain;

/// <summary>The called pod's side: which filter chain takes the connection (STRICT, PERMISSIVE, port level) and where it leads.</summary>
internal static class InboundExplainer
{
    private const int InboundPort = 15006;

    public static void Run(ProxyView view, Candidate candidate, Steps steps)
    {
        MeshSnapshot snapshot = view.Snapshot;
        ExplainTrace trace = new();
        ResourceId inbound = snapshot.FindListener(new IpPort(IpAddress.AnyV4, InboundPort));
        if (inbound.IsNone)
        {
            steps.Add("inbound", view.Proxy, "listener", "failed", "", $"no listener on port {InboundPort}");
            return;
        }

        ListenerView listener = snapshot.Listener(inbound);
        byte[] alpn = [.. candidate.Alpn.SelectMany(name => (byte[])[(byte)name.Length, .. Encoding.ASCII.GetBytes(name)])];
        ConnectionFacts facts = new()
        {
            Destination = candidate.Address,
            TransportProtocol = candidate.Sni is null ? "raw_buffer"u8 : "tls"u8,
            ServerName = Encoding.ASCII.GetBytes(candidate.Sni ?? ""),
            ApplicationProtocols = candidate.Sni is null ? "\u0008http/1.1"u8 : alpn,
        };
        int chain = FilterChainDecision.Choose(listener, facts, ref trace);
        if (chain != FilterChainDecision.NoChain)
        {
            ref readonly FilterChainRecord record = ref listener.Chain(chain);
            if (record.TerminalFilter == TerminalFilterKind.HttpConnectionManager)
            {
                // Inbound routes take everything; what matters of the request was decided by the caller's side.
                RequestView any = new() { Method = "GET"u8, Scheme = "http"u8, Authority = "any"u8, Path = "/"u8, Headers = new Weft.Http.HeaderBlockBuilder().Build() };
                RequestDecision.Decide(snapshot, snapshot.RouteTableOf(inbound, record.TerminalIndex), any, default, ref trace);
            }
            else
            {
                TcpDecision.Decide(snapshot, listener, record.TerminalIndex, default, ref trace);
            }
        }

        steps.Add("inbound", view.Proxy, trace);
    }
}
