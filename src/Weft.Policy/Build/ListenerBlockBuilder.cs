using System;
using System.Collections.Generic;
using Weft.Policy.Blocks;
using Weft.Policy.Model;

namespace Weft.Policy.Build;

/// <summary>Compiles a <see cref="ListenerConfig"/>. Off-loop.</summary>
public static class ListenerBlockBuilder
{
    /// <summary>More chains than any mesh sends to one listener; bounds the stack a selection uses.</summary>
    public const int MaxFilterChains = 4096;

    /// <summary>The block, or null with at least one problem added.</summary>
    public static BlockImage? Build(ListenerConfig config, ConfigProblems problems)
    {
        int before = problems.Items.Count;
        Validate(config, problems);
        var writer = new BlockWriter(BlockKind.Listener);
        var root = new ListenerRecord
        {
            Address = config.Address.Address,
            Port = config.Address.Port,
            Flags = Flags(config),
            ListenerFiltersTimeout = config.ListenerFiltersTimeout,
            PerConnectionBufferLimitBytes = config.PerConnectionBufferLimitBytes,
            Direction = config.Direction,
            DefaultFilterChain = -1,
            Origins = writer.Origins(config.Origins),
        };
        for (int i = 0; i < config.FilterChains.Count; i++)
            AddChain(writer, config.FilterChains[i], $"filter_chains[{i}]", problems);
        root.FilterChains = new Run(0, config.FilterChains.Count);
        if (config.DefaultFilterChain is { } fallback)
        {
            root.DefaultFilterChain = config.FilterChains.Count;
            AddChain(writer, fallback, "default_filter_chain", problems);
        }

        foreach (ListenerFilterConfig filter in config.ListenerFilters)
            AddListenerFilter(writer, filter);
        root.ListenerFilters = new Run(0, config.ListenerFilters.Count);
        return problems.Items.Count > before ? null : writer.Finish(config.Name, in root);
    }

    private static void Validate(ListenerConfig config, ConfigProblems problems)
    {
        if (config.Name.Length == 0)
            problems.Add("name", "must not be empty");
        if (config.Address.Port is < 0 or > 65535)
            problems.Add("address.socket_address.port_value", "must be a port");
        if (config.FilterChains.Count == 0 && config.DefaultFilterChain is null)
            problems.Add("filter_chains", "a listener needs at least one filter chain");
        if (config.FilterChains.Count > MaxFilterChains)
            problems.Add("filter_chains", $"more than {MaxFilterChains} filter chains");
        FilterChainOverlap.Report(config.FilterChains, problems);
    }

    private static ListenerFlags Flags(ListenerConfig config)
        => (config.BindToPort ? ListenerFlags.BindToPort : 0)
            | (config.UseOriginalDestination ? ListenerFlags.UseOriginalDestination : 0)
            | (config.ContinueOnListenerFiltersTimeout ? ListenerFlags.ContinueOnListenerFiltersTimeout : 0);

    private static void AddListenerFilter(BlockWriter writer, ListenerFilterConfig filter)
    {
        int start = writer.Count(BlockSection.PortRanges);
        foreach (PortRange range in filter.DisabledPorts)
            writer.Add(BlockSection.PortRanges, range);
        writer.Add(BlockSection.ListenerFilters, new ListenerFilterRecord
        {
            Kind = filter.Kind,
            InitialReadBufferSize = filter.InitialReadBufferSize,
            DisabledPorts = writer.Since(BlockSection.PortRanges, start),
        });
    }

    private static void AddChain(BlockWriter writer, FilterChainConfig chain, string path, ConfigProblems problems)
    {
        FilterChainMatchConfig match = chain.Match;
        ValidateMatch(match, path + ".filter_chain_match", problems);
        string filterPath = $"{path}.filters[{chain.TerminalFilterIndex}].typed_config";
        if (chain.Http is null == chain.Tcp is null)
            problems.Add(path + ".filters", "must end in exactly one of HttpConnectionManager and TcpProxy");
        var record = new FilterChainRecord
        {
            Name = writer.Text(chain.Name),
            Origins = writer.Origins(chain.Origins),
            DestinationPort = match.DestinationPort,
            SourceType = match.SourceType,
            PrefixRanges = AddPrefixes(writer, match.PrefixRanges),
            ServerNames = writer.Texts(match.ServerNames.ConvertAll(n => n.ToLowerInvariant())),
            TransportProtocol = writer.Text(match.TransportProtocol),
            ApplicationProtocols = writer.Texts(match.ApplicationProtocols),
            DirectSourcePrefixRanges = AddPrefixes(writer, match.DirectSourcePrefixRanges),
            SourcePrefixRanges = AddPrefixes(writer, match.SourcePrefixRanges),
            SourcePorts = writer.Numbers(match.SourcePorts),
            Tls = chain.Tls is null ? -1 : AddTls(writer, chain.Tls, path + ".transport_socket.typed_config", problems),
            TerminalFilter = chain.Http is not null ? TerminalFilterKind.HttpConnectionManager
                : chain.Tcp is not null ? TerminalFilterKind.TcpProxy : TerminalFilterKind.None,
            TransportSocketConnectTimeout = chain.TransportSocketConnectTimeout,
        };
        if (chain.Http is not null)
            record.TerminalIndex = AddHttp(writer, chain.Http, filterPath, problems);
        else if (chain.Tcp is not null)
            record.TerminalIndex = AddTcp(writer, chain.Tcp, filterPath, problems);
        writer.Add(BlockSection.FilterChains, in record);
    }

    private static void ValidateMatch(FilterChainMatchConfig match, string path, ConfigProblems problems)
    {
        if (match.DestinationPort is < 0 or > 65535)
            problems.Add(path + ".destination_port", "must be from 1 to 65535");
        for (int i = 0; i < match.ServerNames.Count; i++)
        {
            string name = match.ServerNames[i];
            int star = name.LastIndexOf('*');
            if (name.Length == 0 || star > 0 || (star == 0 && !name.StartsWith("*.", StringComparison.Ordinal)))
                problems.Add($"{path}.server_names[{i}]", $"'{name}': a wildcard is only allowed as a whole first label, '*.'");
        }
    }

    private static Run AddPrefixes(BlockWriter writer, List<CidrRange> ranges)
    {
        int start = writer.Count(BlockSection.Prefixes);
        foreach (CidrRange range in ranges)
            writer.Add(BlockSection.Prefixes, new PrefixRecord { Network = range.Network, PrefixLength = range.PrefixLength });
        return writer.Since(BlockSection.Prefixes, start);
    }

    private static int AddTls(BlockWriter writer, DownstreamTlsConfig tls, string path, ConfigProblems problems)
    {
        if (tls.CertificateSecretName.Length == 0)
            problems.Add(path + ".common_tls_context.tls_certificate_sds_secret_configs", "a server needs a certificate");
        if (tls.RequireClientCertificate && tls.ValidationSecretName.Length == 0)
            problems.Add(path + ".common_tls_context.combined_validation_context", "require_client_certificate needs a validation context");
        return writer.Add(BlockSection.DownstreamTls, new DownstreamTlsRecord
        {
            CertificateSecret = writer.Name(tls.CertificateSecretName),
            ValidationSecret = writer.Name(tls.ValidationSecretName),
            AlpnProtocols = writer.Texts(tls.AlpnProtocols),
            SubjectAltNames = MatcherWriter.AddStrings(
                writer, tls.SubjectAltNames, path + ".common_tls_context.combined_validation_context.default_validation_context.match_subject_alt_names", problems),
            RequireClientCertificate = tls.RequireClientCertificate ? 1 : 0,
        });
    }

    private static int AddHttp(BlockWriter writer, HttpConnectionManagerConfig http, string path, ConfigProblems problems)
    {
        if (http.StatPrefix.Length == 0)
            problems.Add(path + ".stat_prefix", "must not be empty");
        if (http.RouteConfigName.Length == 0 == (http.InlineRoutes is null))
            problems.Add(path, "needs exactly one of rds and route_config");
        Embedded inline = default;
        if (http.InlineRoutes is not null)
        {
            BlockImage? routes = RouteTableBlockBuilder.Build(http.InlineRoutes, problems, path + ".route_config.");
            inline = writer.Embed(routes is null ? default : routes.Bytes);
        }

        return writer.Add(BlockSection.HttpManagers, new HttpManagerRecord
        {
            StatPrefix = writer.Text(http.StatPrefix),
            RouteConfig = writer.Name(http.RouteConfigName),
            InlineRoutes = inline,
            ServerName = writer.Text(http.ServerName),
            UpgradeTypes = writer.Texts(http.UpgradeTypes),
            Flags = Flags(http),
            Codec = http.Codec,
            EscapedSlashes = http.EscapedSlashes,
            ForwardClientCert = http.ForwardClientCert,
            SetCurrentClientCert = http.SetCurrentClientCert,
            ServerHeader = http.ServerHeader,
            Underscores = http.Underscores,
            XffNumTrustedHops = http.XffNumTrustedHops,
            MaxRequestHeadersKb = http.MaxRequestHeadersKb,
            MaxHeadersCount = http.MaxHeadersCount,
            MaxRequestsPerConnection = http.MaxRequestsPerConnection,
            IdleTimeout = http.IdleTimeout,
            MaxConnectionDuration = http.MaxConnectionDuration,
            MaxStreamDuration = http.MaxStreamDuration,
            StreamIdleTimeout = http.StreamIdleTimeout,
            RequestTimeout = http.RequestTimeout,
            RequestHeadersTimeout = http.RequestHeadersTimeout,
            DrainTimeout = http.DrainTimeout,
            DelayedCloseTimeout = http.DelayedCloseTimeout,
        });
    }

    private static HttpManagerFlags Flags(HttpConnectionManagerConfig http)
        => (http.NormalizePath ? HttpManagerFlags.NormalizePath : 0)
            | (http.MergeSlashes ? HttpManagerFlags.MergeSlashes : 0)
            | (http.UseRemoteAddress ? HttpManagerFlags.UseRemoteAddress : 0)
            | (http.SkipXffAppend ? HttpManagerFlags.SkipXffAppend : 0)
            | (http.AppendXForwardedPort ? HttpManagerFlags.AppendXForwardedPort : 0)
            | (http.AcceptHttp10 ? HttpManagerFlags.AcceptHttp10 : 0)
            | (http.PreserveHeaderCase ? HttpManagerFlags.PreserveHeaderCase : 0)
            | (http.Proxy100Continue ? HttpManagerFlags.Proxy100Continue : 0)
            | (http.GenerateRequestId ? HttpManagerFlags.GenerateRequestId : 0)
            | (http.PreserveExternalRequestId ? HttpManagerFlags.PreserveExternalRequestId : 0)
            | (http.AlwaysSetRequestIdInResponse ? HttpManagerFlags.AlwaysSetRequestIdInResponse : 0)
            | (http.StripAnyHostPort ? HttpManagerFlags.StripAnyHostPort : 0)
            | (http.StripTrailingHostDot ? HttpManagerFlags.StripTrailingHostDot : 0);

    private static int AddTcp(BlockWriter writer, TcpProxyConfig tcp, string path, ConfigProblems problems)
    {
        if (tcp.StatPrefix.Length == 0)
            problems.Add(path + ".stat_prefix", "must not be empty");
        if (tcp.Cluster.Length == 0 == (tcp.WeightedClusters.Count == 0))
            problems.Add(path, "needs exactly one of cluster and weighted_clusters");
        Run weighted = WeightedClusterWriter.Add(writer, tcp.WeightedClusters, path + ".weighted_clusters", problems, out ulong total);
        return writer.Add(BlockSection.TcpProxies, new TcpProxyRecord
        {
            StatPrefix = writer.Text(tcp.StatPrefix),
            Cluster = writer.Name(tcp.Cluster),
            WeightedClusters = weighted,
            TotalWeight = total,
            IdleTimeout = tcp.IdleTimeout,
            MaxDownstreamConnectionDuration = tcp.MaxDownstreamConnectionDuration,
            MaxConnectAttempts = tcp.MaxConnectAttempts,
            Origins = writer.Origins(tcp.Origins),
        });
    }
}
