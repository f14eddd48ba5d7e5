using System;
using System.Collections.Generic;
using Weft.Policy.Blocks;
using Weft.Policy.Model;

namespace Weft.Policy.Build;

/// <summary>Compiles a <see cref="ClusterConfig"/>.</summary>
public static class ClusterBlockBuilder
{
    /// <summary>The block, or null with at least one problem added.</summary>
    public static BlockImage? Build(ClusterConfig config, ConfigProblems problems)
    {
        int before = problems.Items.Count;
        Validate(config, problems);
        var writer = new BlockWriter(BlockKind.Cluster);
        RetryBudgetConfig budget = config.RetryBudget ?? RetryBudgetConfig.Default;
        var root = new ClusterRecord
        {
            AltStatName = writer.Text(config.AltStatName),
            EndpointSet = config.Type == ClusterType.Eds
                ? writer.Name(config.EdsServiceName.Length > 0 ? config.EdsServiceName : config.Name)
                : default,
            Type = config.Type,
            LoadBalancing = config.LoadBalancing,
            ChoiceCount = config.ChoiceCount,
            HttpProtocol = config.HttpProtocol,
            ConnectTimeout = config.ConnectTimeout,
            IdleTimeout = config.IdleTimeout,
            MaxConnectionDuration = config.MaxConnectionDuration,
            MaxRequestsPerConnection = config.MaxRequestsPerConnection,
            HealthyPanicThreshold = config.HealthyPanicThreshold is { } panic ? (int)Math.Round(panic) : -1,
            Limits = config.CircuitBreaker ?? CircuitBreakerConfig.Default,
            HighPriorityLimits = config.HighPriorityCircuitBreaker ?? CircuitBreakerConfig.Default,
            RetryBudgetPercentHundredths = (uint)Math.Round(Math.Clamp(budget.Percent, 0, 100) * 100),
            RetryBudgetMinConcurrency = budget.MinConcurrency,
            TcpKeepalive = config.TcpKeepalive ?? default,
            UpstreamPortOverride = config.UpstreamPortOverride,
            BindSourceAddress = config.HasBindSource ? config.BindSource.Address : default,
            BindSourcePort = config.HasBindSource ? config.BindSource.Port : 0,
            HasBindSource = config.HasBindSource ? 1 : 0,
            Subset = writer.Text(config.Subset),
            Origins = writer.Origins(config.Origins),
        };
        if (config.Endpoints is not null)
        {
            BlockImage? endpoints = EndpointSetBlockBuilder.Build(config.Endpoints, problems, "load_assignment.");
            root.InlineEndpoints = writer.Embed(endpoints is null ? default : endpoints.Bytes);
        }

        AddSockets(writer, config.TransportSockets, problems);
        root.TransportSockets = new Run(0, config.TransportSockets.Count);
        foreach (ServiceMetadata service in config.Services)
        {
            writer.Add(BlockSection.Services, new ServiceRecord
            {
                Host = writer.Text(service.Host),
                Name = writer.Text(service.Name),
                Namespace = writer.Text(service.Namespace),
            });
        }

        root.Services = new Run(0, config.Services.Count);
        return problems.Items.Count > before ? null : writer.Finish(config.Name, in root);
    }

    private static void Validate(ClusterConfig config, ConfigProblems problems)
    {
        if (config.Name.Length == 0)
            problems.Add("name", "must not be empty");
        if (config.ConnectTimeout.IsSet && !config.ConnectTimeout.IsLimit)
            problems.Add("connect_timeout", "must be above zero");
        if (config.Type == ClusterType.OriginalDestination && config.LoadBalancing != LoadBalancingPolicy.ClusterProvided)
            problems.Add("lb_policy", "ORIGINAL_DST needs CLUSTER_PROVIDED");
        if (config.Type != ClusterType.OriginalDestination && config.LoadBalancing == LoadBalancingPolicy.ClusterProvided)
            problems.Add("lb_policy", "CLUSTER_PROVIDED is for ORIGINAL_DST");
        if (config.LoadBalancing is LoadBalancingPolicy.RingHash or LoadBalancingPolicy.Maglev)
            problems.Add("lb_policy", "consistent hashing is not enforced yet");
        if (config.ChoiceCount is 1 or > 64)
            problems.Add("least_request_lb_config.choice_count", "must be from 2 to 64");
        if (config.UpstreamPortOverride is < 0 or > 65535)
            problems.Add("original_dst_lb_config.upstream_port_override", "must be a port");
        if (config.RetryBudget is { Percent: < 0 or > 100 })
            problems.Add("circuit_breakers.thresholds.retry_budget.budget_percent", "must be from 0 to 100");
    }

    private static void AddSockets(BlockWriter writer, List<TransportSocketMatchConfig> sockets, ConfigProblems problems)
    {
        for (int i = 0; i < sockets.Count; i++)
        {
            TransportSocketMatchConfig socket = sockets[i];
            string path = $"transport_socket_matches[{i}]";
            int start = writer.Count(BlockSection.Pairs);
            foreach ((string key, string value) in socket.Criteria)
                writer.Add(BlockSection.Pairs, new PairRecord { Key = writer.Text(key), Value = writer.Text(value) });
            writer.Add(BlockSection.TransportSockets, new TransportSocketRecord
            {
                Name = writer.Text(socket.Name),
                Criteria = writer.Since(BlockSection.Pairs, start),
                Tls = socket.Tls is null ? -1 : AddTls(writer, socket.Tls, path + ".transport_socket.typed_config", problems),
            });
        }
    }

    private static int AddTls(BlockWriter writer, UpstreamTlsConfig tls, string path, ConfigProblems problems)
    {
        if (tls.Sni.Length > 255)
            problems.Add(path + ".sni", "longer than 255 bytes");
        return writer.Add(BlockSection.UpstreamTls, new UpstreamTlsRecord
        {
            CertificateSecret = writer.Name(tls.CertificateSecretName),
            ValidationSecret = writer.Name(tls.ValidationSecretName),
            Sni = writer.Text(tls.Sni),
            AlpnProtocols = writer.Texts(tls.AlpnProtocols),
            SubjectAltNames = MatcherWriter.AddStrings(
                writer, tls.SubjectAltNames, path + ".common_tls_context.combined_validation_context.default_validation_context.match_subject_alt_names", problems),
        });
    }
}
