using System;
using System.Collections.Generic;
using System.Text;
using Weft.Policy.Blocks;
using Weft.Policy.Model;

namespace Weft.Policy.Build;

/// <summary>Compiles a <see cref="RouteTableConfig"/>; inline virtual hosts lie inside, each as a whole block, with an index over their domains.</summary>
public static class RouteTableBlockBuilder
{
    /// <summary>The block, or null with at least one problem added.</summary>
    public static BlockImage? Build(RouteTableConfig config, ConfigProblems problems) => Build(config, problems, "");

    internal static BlockImage? Build(RouteTableConfig config, ConfigProblems problems, string path)
    {
        int before = problems.Items.Count;
        var writer = new BlockWriter(BlockKind.RouteTable);
        var claims = new List<DomainClaim>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var domains = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < config.VirtualHosts.Count; i++)
        {
            VirtualHostConfig virtualHost = config.VirtualHosts[i];
            string at = $"{path}virtual_hosts[{i}]";
            if (!names.Add(virtualHost.Name))
                problems.Add(at + ".name", $"'{virtualHost.Name}' is not unique");
            BlockImage? image = VirtualHostBlockBuilder.Build(virtualHost, virtualHost.Name, problems, at + ".");
            writer.Add(BlockSection.InlineRanges, writer.Embed(image is null ? default : image.Bytes));
            Claim(claims, domains, virtualHost, i, at, problems);
        }

        DomainTableRecord shape = DomainTable.Build(claims, out DomainBucketRecord[] buckets, out int[] lengths);
        foreach (DomainBucketRecord bucket in buckets)
            writer.Add(BlockSection.DomainBuckets, in bucket);
        foreach (int length in lengths)
            writer.Add(BlockSection.Lengths, length);
        var root = new RouteTableRecord
        {
            Name = writer.Text(config.Name),
            Flags = Flags(config),
            MaxDirectResponseBodySizeBytes = config.MaxDirectResponseBodySizeBytes,
            InlineVirtualHosts = new Run(0, config.VirtualHosts.Count),
            RequestOps = HeaderOpsWriter.AddRequest(writer, config.Headers, path, problems),
            ResponseOps = HeaderOpsWriter.AddResponse(writer, config.Headers, path, problems),
            Origins = writer.Origins(config.Origins),
            Domains = shape,
        };
        return problems.Items.Count > before ? null : writer.Finish(config.Name, in root);
    }

    private static RouteTableFlags Flags(RouteTableConfig config)
        => (config.UsesVhds ? RouteTableFlags.UsesVhds : 0)
            | (config.ValidateClusters ? RouteTableFlags.ValidateClusters : 0)
            | (config.IgnorePortInHostMatching ? RouteTableFlags.IgnorePortInHostMatching : 0)
            | (config.MostSpecificHeaderMutationsWins ? RouteTableFlags.MostSpecificHeaderMutationsWins : 0);

    private static void Claim(
        List<DomainClaim> claims, HashSet<string> seen, VirtualHostConfig virtualHost, int ordinal, string path, ConfigProblems problems)
    {
        for (int i = 0; i < virtualHost.Domains.Count; i++)
        {
            string domain = MatcherWriter.AsciiLower(virtualHost.Domains[i]);
            if (!seen.Add(domain))
                problems.Add($"{path}.domains[{i}]", $"'{domain}' is claimed twice in this route configuration");
            if (domain.Length > 0)
                claims.Add(DomainClaim.Of(Encoding.UTF8.GetBytes(domain), ordinal, i));
        }
    }
}
