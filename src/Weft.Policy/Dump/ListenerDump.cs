using System.Text.Json;
using Weft.Policy.Blocks;
using Weft.Policy.Model;

namespace Weft.Policy.Dump;

/// <summary>A listener as <c>envoy.config.listener.v3.Listener</c>.</summary>
internal static class ListenerDump
{
    public static void Write(Utf8JsonWriter json, ListenerView listener)
    {
        var writer = new DumpWriter(json, listener.Block);
        ref readonly ListenerRecord root = ref listener.Root;
        json.WriteStartObject();
        writer.Type("envoy.config.listener.v3.Listener");
        json.WriteString("name", listener.Name);
        writer.Address("address", root.Address, root.Port);
        json.WriteStartArray("filter_chains");
        for (int i = 0; i < root.FilterChains.Count; i++)
            Chain(writer, listener, i);
        json.WriteEndArray();
        if (root.DefaultFilterChain >= 0)
        {
            json.WritePropertyName("default_filter_chain");
            Chain(writer, listener, root.DefaultFilterChain);
        }

        writer.Number("per_connection_buffer_limit_bytes", root.PerConnectionBufferLimitBytes);
        writer.Provenance(root.Origins);
        if (!root.BindToPort)
            json.WriteBoolean("bind_to_port", false);
        ListenerFilters(writer, listener);
        writer.Duration("listener_filters_timeout", root.ListenerFiltersTimeout);
        writer.Flag("continue_on_listener_filters_timeout", root.ContinueOnListenerFiltersTimeout);
        writer.Flag("use_original_dst", root.UseOriginalDestination);
        if (root.Direction != TrafficDirection.Unspecified)
            json.WriteString("traffic_direction", DumpNames.Upper(root.Direction.ToString()));
        json.WriteEndObject();
    }

    private static void ListenerFilters(DumpWriter writer, ListenerView listener)
    {
        if (listener.ListenerFilters.IsEmpty)
            return;
        writer.Json.WriteStartArray("listener_filters");
        foreach (ref readonly ListenerFilterRecord filter in listener.ListenerFilters)
        {
            (string name, string type) = filter.Kind switch
            {
                ListenerFilterKind.OriginalDestination => ("original_dst", "original_dst.v3.OriginalDst"),
                ListenerFilterKind.TlsInspector => ("tls_inspector", "tls_inspector.v3.TlsInspector"),
                _ => ("http_inspector", "http_inspector.v3.HttpInspector"),
            };
            writer.Json.WriteStartObject();
            writer.Json.WriteString("name", "envoy.filters.listener." + name);
            writer.Json.WriteStartObject("typed_config");
            writer.Type("envoy.extensions.filters.listener." + type);
            writer.Number("initial_read_buffer_size", filter.InitialReadBufferSize);
            writer.Json.WriteEndObject();
            Disabled(writer, filter.DisabledPorts);
            writer.Json.WriteEndObject();
        }

        writer.Json.WriteEndArray();
    }

    private static void Disabled(DumpWriter writer, Run ports)
    {
        if (ports.IsEmpty)
            return;
        writer.Json.WriteStartObject("filter_disabled");
        if (ports.Count > 1)
        {
            writer.Json.WriteStartObject("or_match");
            writer.Json.WriteStartArray("rules");
        }

        foreach (PortRange range in writer.Block.Slice<PortRange>(BlockSection.PortRanges, ports))
        {
            if (ports.Count > 1)
                writer.Json.WriteStartObject();
            writer.Json.WriteStartObject("destination_port_range");
            writer.Json.WriteNumber("start", range.Start);
            writer.Json.WriteNumber("end", range.End);
            writer.Json.WriteEndObject();
            if (ports.Count > 1)
                writer.Json.WriteEndObject();
        }

        if (ports.Count > 1)
        {
            writer.Json.WriteEndArray();
            writer.Json.WriteEndObject();
        }

        writer.Json.WriteEndObject();
    }

    private static void Chain(DumpWriter writer, ListenerView listener, int index)
    {
        ref readonly FilterChainRecord chain = ref listener.Chain(index);
        writer.Json.WriteStartObject();
        Match(writer, listener, chain);
        writer.Json.WriteStartArray("filters");
        if (chain.TerminalFilter == TerminalFilterKind.HttpConnectionManager)
            HttpManagerDump.Write(writer, listener, listener.Http(chain.TerminalIndex));
        else if (chain.TerminalFilter == TerminalFilterKind.TcpProxy)
            Tcp(writer, listener.Tcp(chain.TerminalIndex));
        writer.Json.WriteEndArray();
        if (chain.Tls >= 0)
            TlsDump.Downstream(writer, listener.Tls(chain.Tls));
        writer.Duration("transport_socket_connect_timeout", chain.TransportSocketConnectTimeout);
        writer.Provenance(chain.Origins);
        writer.Text("name", chain.Name);
        writer.Json.WriteEndObject();
    }

    private static void Match(DumpWriter writer, ListenerView listener, in FilterChainRecord chain)
    {
        writer.Json.WriteStartObject("filter_chain_match");
        writer.Number("destination_port", chain.DestinationPort);
        Prefixes(writer, listener, "prefix_ranges", chain.PrefixRanges);
        writer.Texts("server_names", chain.ServerNames);
        writer.Text("transport_protocol", chain.TransportProtocol);
        writer.Texts("application_protocols", chain.ApplicationProtocols);
        Prefixes(writer, listener, "direct_source_prefix_ranges", chain.DirectSourcePrefixRanges);
        if (chain.SourceType != SourceType.Any)
            writer.Json.WriteString("source_type", DumpNames.Upper(chain.SourceType.ToString()));
        Prefixes(writer, listener, "source_prefix_ranges", chain.SourcePrefixRanges);
        if (!chain.SourcePorts.IsEmpty)
        {
            writer.Json.WriteStartArray("source_ports");
            foreach (int port in writer.Block.Numbers(chain.SourcePorts))
                writer.Json.WriteNumberValue(port);
            writer.Json.WriteEndArray();
        }

        writer.Json.WriteEndObject();
    }

    private static void Prefixes(DumpWriter writer, ListenerView listener, string name, Run ranges)
    {
        if (ranges.IsEmpty)
            return;
        writer.Json.WriteStartArray(name);
        foreach (ref readonly PrefixRecord range in listener.Prefixes(ranges))
        {
            writer.Json.WriteStartObject();
            writer.Json.WriteString("address_prefix", range.Network.ToString());
            writer.Json.WriteNumber("prefix_len", range.PrefixLength);
            writer.Json.WriteEndObject();
        }

        writer.Json.WriteEndArray();
    }

    private static void Tcp(DumpWriter writer, in TcpProxyRecord tcp)
    {
        writer.Json.WriteStartObject();
        writer.Json.WriteString("name", "envoy.filters.network.tcp_proxy");
        writer.Json.WriteStartObject("typed_config");
        writer.Type("envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy");
        writer.Text("stat_prefix", tcp.StatPrefix);
        writer.Text("cluster", tcp.Cluster);
        RouteDump.Weighted(writer, tcp.WeightedClusters);
        writer.Duration("idle_timeout", tcp.IdleTimeout);
        writer.Duration("max_downstream_connection_duration", tcp.MaxDownstreamConnectionDuration);
        writer.Number("max_connect_attempts", tcp.MaxConnectAttempts);
        writer.Json.WriteEndObject();
        writer.Json.WriteEndObject();
    }
}
