using System;
using System.Collections.Generic;
using System.Threading;
using CsCheck;
using Weft.Policy.Blocks;
using Weft.Policy.Model;
using Weft.Policy.Snapshot;
using Weft.Policy.Tests.Support;

namespace Weft.Policy.Tests.Snapshot;

public class SnapshotStoreTests
{
    [Fact]
    public void Publish_SameContentAndDigestAgain_IsANoOp()
    {
        using SnapshotStore store = Compiled.Store(Compiled.Of(Grid.Eds("a")));
        MeshSnapshot before = store.Current;

        MeshSnapshot after = store.Publish(Compiled.Update(Compiled.Of(Grid.Eds("a"))), "1");

        Assert.Same(before, after);
    }

    [Fact]
    public void Publish_SameContentUnderANewDigest_KeepsTheBlocks()
    {
        using SnapshotStore store = Compiled.Store(Compiled.Of(Grid.Eds("a")));
        MeshSnapshot before = store.Current;

        MeshSnapshot after = store.Publish(Compiled.Update(Compiled.Of(Grid.Eds("a"))), "2");

        Assert.Equal("2", after.Digest);
        Assert.True(before.Memory(BlockKind.Cluster, 0).IsSameMemory(after.Memory(BlockKind.Cluster, 0)));
        Assert.Equal(0, store.RetiredCount);
    }

    [Fact]
    public void Publish_OneBlockReplaced_SharesTheOthers()
    {
        using SnapshotStore store = Compiled.Store(Compiled.Of(Grid.Eds("a")), Compiled.Of(Grid.Eds("b")));
        using SnapshotReader reader = store.Register();
        MeshSnapshot before = reader.Enter();

        MeshSnapshot after = store.Publish(Compiled.Update(Compiled.Of(Grid.Eds("a", LoadBalancingPolicy.Random))), "2");

        ResourceId a = after.Find(BlockKind.Cluster, "a"u8);
        ResourceId b = after.Find(BlockKind.Cluster, "b"u8);
        Assert.False(before.Memory(BlockKind.Cluster, a.Slot).IsSameMemory(after.Memory(BlockKind.Cluster, a.Slot)));
        Assert.True(before.Memory(BlockKind.Cluster, b.Slot).IsSameMemory(after.Memory(BlockKind.Cluster, b.Slot)));
        Assert.Equal(LoadBalancingPolicy.LeastRequest, before.Cluster(a).Root.LoadBalancing);
        Assert.Equal(LoadBalancingPolicy.Random, after.Cluster(a).Root.LoadBalancing);
    }

    [Fact]
    public void Publish_WhileAReaderIsInside_FreesOnlyAfterItMovedOn()
    {
        using SnapshotStore store = Compiled.Store(Compiled.Of(Grid.Eds("a")));
        using SnapshotReader first = store.Register();
        using SnapshotReader second = store.Register();
        first.Enter();
        second.Enter();

        store.Publish(Compiled.Update(Compiled.Of(Grid.Eds("a", LoadBalancingPolicy.Random))), "2");
        Assert.Equal(0, store.Collect());
        first.Enter();
        Assert.Equal(0, store.Collect());
        second.Enter();

        Assert.Equal(1, store.Collect());
        Assert.Equal(0, store.RetiredCount);
    }

    [Fact]
    public void Collect_ReaderParked_DoesNotHoldBlocks()
    {
        using SnapshotStore store = Compiled.Store(Compiled.Of(Grid.Eds("a")));
        using SnapshotReader reader = store.Register();
        reader.Enter();
        store.Publish(Compiled.Update(Compiled.Of(Grid.Eds("a", LoadBalancingPolicy.Random))), "2");
        Assert.Equal(1, store.RetiredCount);

        reader.Park();

        Assert.Equal(1, store.Collect());
        Assert.Equal("2", reader.Enter().Digest);
    }

    [Fact]
    public void Enter_WriterPublishesAsFastAsItCan_NeverReadsFreedMemory()
    {
        // Two readers walk what they entered while a writer replaces it; a block that was freed too early would be overwritten by the next one.
        using SnapshotStore store = Compiled.Store(Compiled.Of(Endpoints(0)));
        using var stop = new CancellationTokenSource();
        var faults = new List<string>();
        Thread[] readers = [new(() => Walk(store, faults, stop.Token)), new(() => Walk(store, faults, stop.Token))];
        foreach (Thread reader in readers)
            reader.Start();

        for (int i = 1; i < 3000; i++)
            store.Publish(Compiled.Update(Compiled.Of(Endpoints(i))), i.ToString(System.Globalization.CultureInfo.InvariantCulture));
        stop.Cancel();
        foreach (Thread reader in readers)
            reader.Join();

        Assert.Empty(faults);
        store.Collect();
        Assert.Equal(0, store.RetiredCount);
    }

    [Fact]
    public void Find_NameRemovedAndAnotherInItsSlot_HasAnotherGeneration()
    {
        using SnapshotStore store = Compiled.Store(Compiled.Of(Grid.Eds("a")));
        ResourceId a = store.Current.Find(BlockKind.Cluster, "a"u8);
        var update = new SnapshotUpdate();
        update.Remove(BlockKind.Cluster, "a");
        MeshSnapshot without = store.Publish(update, "2");

        MeshSnapshot next = store.Publish(Compiled.Update(Compiled.Of(Grid.Eds("b"))), "3");

        ResourceId b = next.Find(BlockKind.Cluster, "b"u8);
        Assert.False(without.IsAlive(BlockKind.Cluster, a));
        Assert.Equal(a.Slot, b.Slot);
        Assert.NotEqual(a, b);
        Assert.False(next.IsAlive(BlockKind.Cluster, a));
        Assert.True(next.IsAlive(BlockKind.Cluster, b));
    }

    [Fact]
    public void Find_ManyNamesComingAndGoing_AgreesWithADictionary()
    {
        Gen.Int[0, 400].Array[1, 300].Sample(names =>
        {
            using var store = new SnapshotStore();
            var shadow = new HashSet<string>();
            for (int i = 0; i < names.Length; i += 7)
            {
                var update = new SnapshotUpdate();
                for (int j = i; j < Math.Min(i + 7, names.Length); j++)
                {
                    string name = "cluster-" + names[j];
                    if (shadow.Add(name))
                        update.Put(Compiled.Of(Grid.Eds(name)));
                    else if (shadow.Remove(name))
                        update.Remove(BlockKind.Cluster, name);
                }

                store.Publish(update, i.ToString(System.Globalization.CultureInfo.InvariantCulture));
            }

            Assert.Equal(shadow.Count, store.Current.Count(BlockKind.Cluster));
            for (int n = 0; n <= 400; n++)
            {
                ResourceId id = store.Current.Find(BlockKind.Cluster, Compiled.Utf8("cluster-" + n));
                Assert.Equal(shadow.Contains("cluster-" + n), !id.IsNone);
                if (!id.IsNone)
                    Assert.Equal("cluster-" + n, Compiled.Text(store.Current.Cluster(id).Name));
            }
        }, iter: 60);
    }

    [Fact]
    public void Publish_EndpointsOfOneServiceAmongMany_AllocatesLittle()
    {
        // An endpoint change must not cost in proportion to the mesh: it copies one chunk of slots and a list of chunks.
        using var store = new SnapshotStore();
        var all = new SnapshotUpdate();
        for (int i = 0; i < 5000; i++)
            all.Put(Compiled.Of(Grid.Endpoints("s" + i, "10.0.0.1")));
        store.Publish(all, "1");
        SnapshotUpdate one = Compiled.Update(Compiled.Of(Grid.Endpoints("s77", "10.0.0.2")));

        long before = GC.GetAllocatedBytesForCurrentThread();
        store.Publish(one, "2");
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.InRange(allocated, 1, 20_000);
    }

    [Fact]
    public void FindWorkload_ByAddress_GivesTheOwner()
    {
        var config = new WorkloadConfig { Uid = "c//Pod/grid/web", Namespace = "grid", ServiceAccount = "web", TrustDomain = "cluster.local" };
        config.Addresses.Add(IpAddress.Parse("10.1.1.1"));
        using SnapshotStore store = Compiled.Store(Compiled.Of(config));

        WorkloadView found = store.Current.Workload(store.Current.FindWorkload(IpAddress.Parse("10.1.1.1")));

        Assert.Equal("spiffe://cluster.local/ns/grid/sa/web", found.Block.String(found.Root.SpiffeId));
        Assert.True(store.Current.FindWorkload(IpAddress.Parse("10.1.1.2")).IsNone);
    }

    [Fact]
    public void Key_GivenOrDerived_IsTheSameInEveryStoreWithTheSameInput()
    {
        BlockImage root = Compiled.Of(new SecretConfig { Name = "ROOTCA", Pem = "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----" });
        using SnapshotStore one = Compiled.Store(root);
        using SnapshotStore two = Compiled.Store(Compiled.Of(Grid.Eds("a")), root);
        Assert.NotEqual(default, one.Current.Key);
        Assert.Equal(one.Current.Key, two.Current.Key);

        MeshSnapshot given = two.Publish(new SnapshotUpdate { MeshKey = MeshKey.FromText("0011223344556677") }, "2");

        Assert.Equal(MeshKey.FromText("0011223344556677"), given.Key);
        Assert.Equal(given.Key, two.Publish(Compiled.Update(Compiled.Of(Grid.Eds("b"))), "3").Key);
    }

    private static EndpointSetConfig Endpoints(int i)
        => Grid.Endpoints("set", $"10.{i >> 8 & 255}.{i & 255}.1", $"10.{i >> 8 & 255}.{i & 255}.2", $"10.{i >> 8 & 255}.{i & 255}.3");

    private static void Walk(SnapshotStore store, List<string> faults, CancellationToken stop)
    {
        using SnapshotReader reader = store.Register();
        while (!stop.IsCancellationRequested)
        {
            MeshSnapshot snapshot = reader.Enter();
            EndpointSetView set = snapshot.EndpointSet(snapshot.Find(BlockKind.EndpointSet, "set"u8));
            uint first = set.Endpoints[0].Address.V4;
            if (set.Endpoints.Length != 3 || set.Endpoints[1].Address.V4 != first + 1 || set.Endpoints[2].Address.V4 != first + 2)
            {
                lock (faults)
                    faults.Add("torn");
            }

            reader.Park();
        }
    }
}
