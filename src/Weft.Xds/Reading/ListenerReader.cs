using System;
using System.Collections.Generic;
using Weft.Policy.Model;
using Weft.Xds.Wire;
using Filter = Weft.Xds.Proto.Config.Listener.V3.ListenerFilter;
using Fields = Weft.Xds.Proto.Config.Listener.V3.Listener;
using Predicate = Weft.Xds.Proto.Config.Listener.V3.ListenerFilterChainMatchPredicate;

namespace Weft.Xds.Reading;

/// <summary>Listener and its listener filters.</summary>
internal static class ListenerReader
{
    public static ListenerConfig Listener(ReadOnlySpan<byte> bytes, WalkReport report)
    {
        var listener = new ListenerConfig();
        var hasAddress = false;
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            switch (field.Number)
            {
                case Fields.NameFieldNumber: listener.Name = field.Text; break;
                case Fields.AddressFieldNumber:
                    hasAddress = true;
                    using (report.At("address")) listener.Address = CommonReader.Address(field, report);
                    break;
                // use_original_dst, deprecated and yet what Istio emits.
                case 4: listener.UseOriginalDestination = CommonReader.WrappedBool(field); break;
                case Fields.BindToPortFieldNumber: listener.BindToPort = CommonReader.WrappedBool(field); break;
                case Fields.TrafficDirectionFieldNumber: listener.Direction = Direction(field, report); break;
                case Fields.PerConnectionBufferLimitBytesFieldNumber: listener.PerConnectionBufferLimitBytes = CommonReader.Wrapped(field); break;
                case Fields.ListenerFiltersTimeoutFieldNumber:
                    listener.ListenerFiltersTimeout = CommonReader.Duration(field, "listener_filters_timeout", report);
                    break;
                case Fields.ContinueOnListenerFiltersTimeoutFieldNumber: listener.ContinueOnListenerFiltersTimeout = field.Bool; break;
                case Fields.ListenerFiltersFieldNumber:
                    using (report.At("listener_filters", listener.ListenerFilters.Count)) listener.ListenerFilters.Add(ListenerFilter(field.Bytes, report));
                    break;
                case Fields.FilterChainsFieldNumber:
                    using (report.At("filter_chains", listener.FilterChains.Count)) listener.FilterChains.Add(FilterChainReader.FilterChain(field.Bytes, report));
                    break;
                case Fields.DefaultFilterChainFieldNumber:
                    using (report.At("default_filter_chain")) listener.DefaultFilterChain = FilterChainReader.FilterChain(field.Bytes, report);
                    break;
                case Fields.MetadataFieldNumber:
                    MetadataReader.Origins(field.Bytes, listener.Origins);
                    MetadataReader.MeshKey(field.Bytes, report);
                    break;
            }
        }

        if (!hasAddress) report.Add("address", "is required");
        return listener;
    }

    /// <summary>UNSPECIFIED=0, INBOUND=1, OUTBOUND=2.</summary>
    private static TrafficDirection Direction(in WireField field, WalkReport report) => (TrafficDirection)CommonReader.Enum(field, "traffic_direction", 2, report);

    private static ListenerFilterConfig ListenerFilter(ReadOnlySpan<byte> bytes, WalkReport report)
    {
        var filter = new ListenerFilterConfig();
        var hasType = false;
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            switch (field.Number)
            {
                case Filter.TypedConfigFieldNumber:
                    hasType = true;
                    ReadType(field.Bytes, filter);
                    break;
                case Filter.FilterDisabledFieldNumber:
                    using (report.At("filter_disabled")) Disabled(field.Bytes, filter.DisabledPorts, report);
                    break;
            }
        }

        if (!hasType) report.Add("typed_config", "is required");
        return filter;
    }

    private static void ReadType(ReadOnlySpan<byte> any, ListenerFilterConfig filter)
    {
        AnyView.Read(any, out var typeUrl, out var value, out _);
        var name = AnyView.TypeName(typeUrl);
        if (name.EndsWith(".OriginalDst"u8)) filter.Kind = ListenerFilterKind.OriginalDestination;
        else if (name.EndsWith(".HttpInspector"u8)) filter.Kind = ListenerFilterKind.HttpInspector;
        else if (name.EndsWith(".TlsInspector"u8)) filter.Kind = ListenerFilterKind.TlsInspector;
        if (filter.Kind != ListenerFilterKind.TlsInspector) return;
        var reader = new WireReader(value);
        while (reader.TryRead(out var field))
        {
            if (field.Number == 2) filter.InitialReadBufferSize = CommonReader.Wrapped(field);
        }
    }

    /// <summary>
    /// A predicate as the union of ports that it is. What cannot be said so (not_match, any_match) is refused: skipping an inspector decides
    /// which chain takes a connection.
    /// </summary>
    private static void Disabled(ReadOnlySpan<byte> bytes, List<PortRange> into, WalkReport report)
    {
        var hasRule = false;
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            hasRule = true;
            switch (field.Number)
            {
                case Predicate.DestinationPortRangeFieldNumber: into.Add(PortRange(field.Bytes, report)); break;
                case Predicate.OrMatchFieldNumber:
                    using (report.At("or_match")) OrMatch(field.Bytes, into, report);
                    break;
                default: report.Add("", "only destination_port_range and or_match are enforced"); break;
            }
        }

        if (!hasRule) report.Add("", "needs a rule");
    }

    private static void OrMatch(ReadOnlySpan<byte> bytes, List<PortRange> into, WalkReport report)
    {
        var count = 0;
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            using (report.At("rules", count++)) Disabled(field.Bytes, into, report);
        }

        if (count < 2) report.Add("rules", "needs at least two");
    }

    private static PortRange PortRange(ReadOnlySpan<byte> bytes, WalkReport report)
    {
        int start = 0, end = 0;
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            if (field.Number == 1) start = field.Int32;
            else if (field.Number == 2) end = field.Int32;
        }

        if (start < 0 || end > 65536 || start >= end) report.Add("destination_port_range", $"[{start}, {end}) is not a range of ports");
        return new PortRange(start, end);
    }
}
