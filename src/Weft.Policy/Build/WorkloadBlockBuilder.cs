using Weft.Policy.Blocks;
using Weft.Policy.Model;

namespace Weft.Policy.Build;

/// <summary>Compiles a <see cref="WorkloadConfig"/>; its name is the uid.</summary>
public static class WorkloadBlockBuilder
{
    /// <summary>The block, or null with at least one problem added.</summary>
    public static BlockImage? Build(WorkloadConfig config, ConfigProblems problems)
    {
        if (config.Uid.Length == 0)
        {
            problems.Add("uid", "must not be empty");
            return null;
        }

        var writer = new BlockWriter(BlockKind.Workload);
        foreach (IpAddress address in config.Addresses)
            writer.Add(BlockSection.Prefixes, new PrefixRecord { Network = address, PrefixLength = address.IsV4 ? 32 : 128 });
        string trustDomain = config.TrustDomain.Length == 0 ? "cluster.local" : config.TrustDomain;
        var root = new WorkloadRecord
        {
            Name = writer.Text(config.Name),
            Namespace = writer.Text(config.Namespace),
            ServiceAccount = writer.Text(config.ServiceAccount),
            TrustDomain = writer.Text(trustDomain),
            WorkloadName = writer.Text(config.WorkloadName),
            CanonicalName = writer.Text(config.CanonicalName),
            CanonicalRevision = writer.Text(config.CanonicalRevision),
            App = writer.Text(config.App),
            Version = writer.Text(config.Version),
            ClusterId = writer.Text(config.ClusterId),
            SpiffeId = writer.Text($"spiffe://{trustDomain}/ns/{config.Namespace}/sa/{config.ServiceAccount}"),
        };
        return writer.Finish(config.Uid, in root);
    }
}
