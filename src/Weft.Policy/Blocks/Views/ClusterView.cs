using System;

namespace Weft.Policy.Blocks;

/// <summary>Reads a Cluster block.</summary>
public readonly ref struct ClusterView(BlockView block)
{
    public BlockView Block { get; } = block;

    public bool IsEmpty => Block.IsEmpty;

    public ReadOnlySpan<byte> Name => Block.Name;

    public ref readonly ClusterRecord Root => ref Block.Root<ClusterRecord>();

    /// <summary>In the order of transport_socket_matches.</summary>
    public ReadOnlySpan<TransportSocketRecord> TransportSockets => Block.Section<TransportSocketRecord>(BlockSection.TransportSockets);

    public ReadOnlySpan<ServiceRecord> Services => Block.Section<ServiceRecord>(BlockSection.Services);

    public ref readonly UpstreamTlsRecord Tls(int index) => ref Block.At<UpstreamTlsRecord>(BlockSection.UpstreamTls, index);

    public EndpointSetView InlineEndpoints
        => new(new BlockView(Root.InlineEndpoints.IsEmpty ? default : Block.Embedded(Root.InlineEndpoints)));
}
