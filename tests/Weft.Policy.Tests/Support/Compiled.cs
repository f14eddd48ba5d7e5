using System;
using System.Text;
using Weft.Policy.Blocks;
using Weft.Policy.Build;
using Weft.Policy.Model;
using Weft.Policy.Snapshot;

namespace Weft.Policy.Tests.Support;

/// <summary>Builds blocks and snapshots for tests; a refused configuration fails the test with its problems.</summary>
internal static class Compiled
{
    public static BlockImage Of(ListenerConfig config) => Built(p => ListenerBlockBuilder.Build(config, p));

    public static BlockImage Of(RouteTableConfig config) => Built(p => RouteTableBlockBuilder.Build(config, p));

    public static BlockImage Of(VirtualHostConfig config, string table) => Built(p => VirtualHostBlockBuilder.Build(config, table + "/" + config.Name, p));

    public static BlockImage Of(ClusterConfig config) => Built(p => ClusterBlockBuilder.Build(config, p));

    public static BlockImage Of(EndpointSetConfig config) => Built(p => EndpointSetBlockBuilder.Build(config, p));

    public static BlockImage Of(SecretConfig config) => Built(p => SecretBlockBuilder.Build(config, p));

    public static BlockImage Of(WorkloadConfig config) => Built(p => WorkloadBlockBuilder.Build(config, p));

    public static BlockImage Of(NameTableConfig config) => Built(p => NameTableBlockBuilder.Build(config, p));

    public static SnapshotStore Store(params BlockImage[] images)
    {
        var store = new SnapshotStore();
        store.Publish(Update(images), "1");
        return store;
    }

    public static SnapshotUpdate Update(params BlockImage[] images)
    {
        var update = new SnapshotUpdate();
        foreach (BlockImage image in images)
            update.Put(image);
        return update;
    }

    public static ReadOnlySpan<byte> Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    private static BlockImage Built(Func<ConfigProblems, BlockImage?> build)
    {
        var problems = new ConfigProblems();
        BlockImage? image = build(problems);
        Assert.Empty(problems.Items);
        return image!;
    }
}
