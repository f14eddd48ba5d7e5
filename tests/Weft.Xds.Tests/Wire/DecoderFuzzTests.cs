using System;
using System.Collections.Generic;
using Google.Protobuf;

namespace Weft.Xds.Tests.Wire;

/// <summary>No bytes make the decoder throw. Seeded: a failure names its seed, WEFT_SIM_SEED runs another.</summary>
public sealed class DecoderFuzzTests
{
    private const int Rounds = 4000;

    private static readonly (string Type, string Name, byte[] Bytes)[] Corpus =
    [
        (XdsTypes.Listener, "0.0.0.0_8080", Sample.HttpListener().ToByteArray()),
        (XdsTypes.RouteConfiguration, "8080", Sample.RouteTable().ToByteArray()),
        (XdsTypes.VirtualHost, "8080/forecast.grid.svc.cluster.local:8080", Sample.Host().ToByteArray()),
        (XdsTypes.Cluster, Sample.ForecastCluster, Sample.EdsCluster().ToByteArray()),
        (XdsTypes.ClusterLoadAssignment, Sample.ForecastCluster, Sample.Endpoints(Sample.ForecastCluster, "10.0.0.1", "10.0.0.2").ToByteArray()),
        (XdsTypes.Secret, "ROOTCA", Sample.RootCa("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").ToByteArray()),
        (XdsTypes.Workload, "u", new Weft.Xds.Proto.Istio.Workloads.Workload { Uid = "u", Addresses = { ByteString.CopyFrom(10, 0, 0, 1) } }.ToByteArray()),
        (XdsTypes.NameTable, "NameTable", new Weft.Xds.Proto.Istio.Nds.V1.NameTable { Table = { ["a.b"] = new() { Ips = { "10.0.0.1" } } } }.ToByteArray()),
    ];

    [Fact]
    public void Decode_MutatedResources_NeverThrows()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("WEFT_SIM_SEED"), out var given) ? given : 20261123;
        var random = new Random(seed);
        for (var round = 0; round < Rounds; round++)
        {
            var (type, name, bytes) = Corpus[random.Next(Corpus.Length)];
            var mutated = Mutate(bytes, random);
            try
            {
                ResourceDecoder.Decode(type, name, mutated);
            }
            catch (Exception e)
            {
                Assert.Fail($"WEFT_SIM_SEED={seed} round {round}: {type} {Convert.ToHexString(mutated)}: {e}");
            }
        }
    }

    [Fact]
    public void Decode_EveryPrefixOfAResource_NeverThrowsAndIsNeverTakenForTheWhole()
    {
        foreach (var (type, name, bytes) in Corpus)
        {
            var whole = ResourceDecoder.Decode(type, name, bytes).Image?.Digest;
            for (var length = 0; length < bytes.Length; length++)
            {
                var part = ResourceDecoder.Decode(type, name, bytes.AsSpan(0, length));
                Assert.True(whole is null || part.Image?.Digest != whole, $"{type}: {length} of {bytes.Length} bytes");
            }
        }
    }

    [Fact]
    public void Decode_ResourcesNestedTooDeep_AreRefused()
    {
        // or_match { rules { or_match { rules … : each level wraps the last.
        byte[] predicate = [];
        for (var i = 0; i < 200; i++) predicate = Wrap(1, Wrap(1, predicate));
        var listener = Wrap(9, Wrap(4, predicate));

        Assert.Contains(ResourceDecoder.Decode(XdsTypes.Listener, "x", listener).Problems, p => p.Message == "nested too deep");
    }

    [Fact]
    public void Decode_SingularFieldTwice_IsRefused()
    {
        var bytes = Sample.EdsCluster().ToByteArray();
        byte[] twice = [.. bytes, .. new Weft.Xds.Proto.Config.Cluster.V3.Cluster { Name = "other" }.ToByteArray()];

        Assert.Contains(ResourceDecoder.Decode(XdsTypes.Cluster, "other", twice).Problems, p => p.FieldPath == "name" && p.Message == "appears twice");
    }

    private static byte[] Wrap(int field, byte[] inner)
    {
        var length = new List<byte>();
        for (var n = inner.Length; ; n >>= 7)
        {
            length.Add((byte)(n < 0x80 ? n : (n & 0x7f) | 0x80));
            if (n < 0x80) break;
        }

        return [(byte)((field << 3) | 2), .. length, .. inner];
    }

    private static byte[] Mutate(byte[] bytes, Random random)
    {
        var copy = new List<byte>(bytes);
        for (var edits = random.Next(1, 6); edits > 0; edits--)
        {
            if (copy.Count == 0) break;
            var at = random.Next(copy.Count);
            switch (random.Next(6))
            {
                case 0: copy[at] = (byte)random.Next(256); break;
                case 1: copy[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: copy.RemoveAt(at); break;
                case 3: copy.Insert(at, (byte)random.Next(256)); break;
                case 4: copy.RemoveRange(at, random.Next(copy.Count - at)); break;
                case 5: copy.InsertRange(at, copy.GetRange(at, Math.Min(random.Next(1, 40), copy.Count - at))); break;
            }
        }

        return [.. copy];
    }
}
