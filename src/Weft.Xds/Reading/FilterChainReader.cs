using System;
using Weft.Policy.Model;
using Weft.Xds.Wire;
using Chain = Weft.Xds.Proto.Config.Listener.V3.FilterChain;
using Match = Weft.Xds.Proto.Config.Listener.V3.FilterChainMatch;

namespace Weft.Xds.Reading;

/// <summary>FilterChain: which connections, over what, through which filters.</summary>
internal static class FilterChainReader
{
    public static FilterChainConfig FilterChain(ReadOnlySpan<byte> bytes, WalkReport report)
    {
        var chain = new FilterChainConfig();
        var filters = 0;
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            switch (field.Number)
            {
                case Chain.NameFieldNumber: chain.Name = field.Text; break;
                case Chain.FilterChainMatchFieldNumber:
                    using (report.At("filter_chain_match")) ReadMatch(field.Bytes, chain.Match, report);
                    break;
                case Chain.FiltersFieldNumber:
                    using (report.At("filters", filters)) NetworkFilter(field.Bytes, chain, filters, report);
                    filters++;
                    break;
                case Chain.TransportSocketFieldNumber:
                    using (report.At("transport_socket")) chain.Tls = TlsReader.Downstream(field.Bytes, report);
                    break;
                case Chain.TransportSocketConnectTimeoutFieldNumber:
                    chain.TransportSocketConnectTimeout = CommonReader.Duration(field, "transport_socket_connect_timeout", report);
                    break;
                case Chain.MetadataFieldNumber: MetadataReader.Origins(field.Bytes, chain.Origins); break;
            }
        }

        if (filters == 0) report.Add("filters", "needs at least one");
        return chain;
    }

    /// <summary>Both filters that we know are terminal, so a second one could never run.</summary>
    private static void NetworkFilter(ReadOnlySpan<byte> bytes, FilterChainConfig chain, int index, WalkReport report)
    {
        if (chain.Http is not null || chain.Tcp is not null)
        {
            report.Add("", "comes after a terminal filter");
            return;
        }

        chain.TerminalFilterIndex = index;
        var reader = new WireReader(bytes);
        var hasType = false;
        while (reader.TryRead(out var field))
        {
            if (field.Number != 4) continue;
            hasType = true;
            AnyView.Read(field.Bytes, out var typeUrl, out var value, out _);
            using var here = report.At("typed_config");
            var name = AnyView.TypeName(typeUrl);
            if (name.EndsWith(".HttpConnectionManager"u8)) chain.Http = HttpConnectionManagerReader.Read(value, report);
            else if (name.EndsWith(".TcpProxy"u8)) chain.Tcp = TcpProxyReader.Read(value, report);
        }

        if (!hasType) report.Add("typed_config", "is required");
    }

    private static void ReadMatch(ReadOnlySpan<byte> bytes, FilterChainMatchConfig match, WalkReport report)
    {
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            switch (field.Number)
            {
                case Match.DestinationPortFieldNumber: match.DestinationPort = Port(CommonReader.Wrapped(field), report); break;
                case Match.PrefixRangesFieldNumber:
                    using (report.At("prefix_ranges", match.PrefixRanges.Count)) match.PrefixRanges.Add(CommonReader.CidrRange(field, report));
                    break;
                case Match.ServerNamesFieldNumber: match.ServerNames.Add(field.Text); break;
                case Match.TransportProtocolFieldNumber: match.TransportProtocol = TransportProtocol(field, report); break;
                case Match.ApplicationProtocolsFieldNumber: match.ApplicationProtocols.Add(field.Text); break;
                case Match.DirectSourcePrefixRangesFieldNumber:
                    using (report.At("direct_source_prefix_ranges", match.DirectSourcePrefixRanges.Count)) match.DirectSourcePrefixRanges.Add(CommonReader.CidrRange(field, report));
                    break;
                case Match.SourceTypeFieldNumber: match.SourceType = (SourceType)CommonReader.Enum(field, "source_type", 2, report); break;
                case Match.SourcePrefixRangesFieldNumber:
                    using (report.At("source_prefix_ranges", match.SourcePrefixRanges.Count)) match.SourcePrefixRanges.Add(CommonReader.CidrRange(field, report));
                    break;
                case Match.SourcePortsFieldNumber: CommonReader.Varints(field, port => match.SourcePorts.Add(SourcePort(port, report))); break;
            }
        }
    }

    private static int Port(uint port, WalkReport report)
    {
        if (port is >= 1 and <= 65535) return (int)port;
        report.Add("destination_port", "must be from 1 to 65535");
        return 0;
    }

    private static int SourcePort(ulong port, WalkReport report)
    {
        if (port is >= 1 and <= 65535) return (int)port;
        report.Add("source_ports", "must be from 1 to 65535");
        return 0;
    }

    private static string TransportProtocol(in WireField field, WalkReport report)
    {
        var protocol = field.Text;
        if (protocol is not ("" or "tls" or "raw_buffer")) report.Add("transport_protocol", $"'{protocol}' is never detected here: tls or raw_buffer");
        return protocol;
    }
}
