using System;
using Weft.Policy.Model;

namespace Weft.Policy.Blocks;

/// <summary>Reads a Listener block.</summary>
public readonly ref struct ListenerView(BlockView block)
{
    public BlockView Block { get; } = block;

    public bool IsEmpty => Block.IsEmpty;

    public ReadOnlySpan<byte> Name => Block.Name;

    public ref readonly ListenerRecord Root => ref Block.Root<ListenerRecord>();

    /// <summary>The matching chains, without the default chain.</summary>
    public ReadOnlySpan<FilterChainRecord> FilterChains => Block.Slice<FilterChainRecord>(BlockSection.FilterChains, Root.FilterChains);

    public ReadOnlySpan<ListenerFilterRecord> ListenerFilters => Block.Slice<ListenerFilterRecord>(BlockSection.ListenerFilters, Root.ListenerFilters);

    /// <summary>Any chain by index, the default chain included.</summary>
    public ref readonly FilterChainRecord Chain(int index) => ref Block.At<FilterChainRecord>(BlockSection.FilterChains, index);

    public ref readonly DownstreamTlsRecord Tls(int index) => ref Block.At<DownstreamTlsRecord>(BlockSection.DownstreamTls, index);

    public ref readonly HttpManagerRecord Http(int index) => ref Block.At<HttpManagerRecord>(BlockSection.HttpManagers, index);

    public ref readonly TcpProxyRecord Tcp(int index) => ref Block.At<TcpProxyRecord>(BlockSection.TcpProxies, index);

    public ReadOnlySpan<PrefixRecord> Prefixes(Run run) => Block.Slice<PrefixRecord>(BlockSection.Prefixes, run);

    /// <summary>The route table written inside an HTTP connection manager; empty when it uses RDS.</summary>
    public RouteTableView InlineRoutes(scoped in HttpManagerRecord http)
        => new(new BlockView(http.InlineRoutes.IsEmpty ? default : Block.Embedded(http.InlineRoutes)));

    /// <summary>Whether a listener filter runs for a connection to this original destination port.</summary>
    public bool RunsFilter(ListenerFilterKind kind, int destinationPort)
    {
        foreach (ref readonly ListenerFilterRecord filter in ListenerFilters)
        {
            if (filter.Kind != kind)
                continue;
            foreach (PortRange range in Block.Slice<PortRange>(BlockSection.PortRanges, filter.DisabledPorts))
            {
                if (range.Contains(destinationPort))
                    return false;
            }

            return true;
        }

        return false;
    }
}
