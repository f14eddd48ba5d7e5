using System;
using System.Linq;
using System.Text;
using CsCheck;
using Weft.Policy.Decide;
using Weft.Policy.Snapshot;

namespace Weft.Policy.Tests.Decide;

public class DrawTests
{
    private static readonly MeshKey Key = MeshKey.FromText("test");

    [Fact]
    public void Of_SameArguments_IsTheSameNumberForever()
    {
        // Pinned: a proxy and an explain of different builds must agree, so this number must not move within a contract.
        // Computed by a second implementation of SipHash-2-4 that reproduces the reference vector a129ca6149be45e5.
        Assert.Equal(1_974_427_861_330_811_529UL, Draw.Of(new MeshKey(1, 2), "3f2c1a90-7d4e-4b57-9d0e-1c2b3a4d5e6f"u8, 42, 0));
    }

    [Fact]
    public void Of_AnyArgumentChanged_IsAnotherNumber()
    {
        ulong draw = Draw.Of(Key, "abcdefgh"u8, 1, 0);

        Assert.NotEqual(draw, Draw.Of(MeshKey.FromText("other"), "abcdefgh"u8, 1, 0));
        Assert.NotEqual(draw, Draw.Of(Key, "abcdefgi"u8, 1, 0));
        Assert.NotEqual(draw, Draw.Of(Key, "abcdefgh\0"u8, 1, 0));
        Assert.NotEqual(draw, Draw.Of(Key, "abcdefgh"u8, 2, 0));
        Assert.NotEqual(draw, Draw.Of(Key, "abcdefgh"u8, 1, 1));
    }

    [Fact]
    public void Below_ManyRequestIds_SplitsWithinStatisticalError()
    {
        Gen.Int[1, 99].Sample(percent =>
        {
            const int N = 20_000;
            int hits = Enumerable.Range(0, N).Count(i => Draw.Below(Draw.Of(Key, Encoding.ASCII.GetBytes("request-" + i), (ulong)percent, 0), 100) < (ulong)percent);
            double expected = N * percent / 100.0;
            double sigma = Math.Sqrt(expected * (100 - percent) / 100.0);
            Assert.InRange(hits, expected - 5 * sigma, expected + 5 * sigma);
        }, iter: 20);
    }

    [Fact]
    public void Of_TwoDeciders_AreIndependent()
    {
        // A request that falls on the 10 % of one route must not fall on the 10 % of the next one too.
        const int N = 20_000;
        int both = Enumerable.Range(0, N).Count(i =>
            Draw.Below(Draw.Of(Key, Encoding.ASCII.GetBytes("request-" + i), 1, 0), 10) == 0
            && Draw.Below(Draw.Of(Key, Encoding.ASCII.GetBytes("request-" + i), 2, 0), 10) == 0);

        Assert.InRange(both, 130, 270); // 200 expected, five sigma each way
    }

    [Fact]
    public void WithSequence_ManyOfThem_SpreadEvenly()
    {
        var counts = new int[7];
        for (uint i = 0; i < 70_000; i++)
            counts[Draw.Below(Draw.WithSequence(12345, i), 7)]++;

        Assert.All(counts, c => Assert.InRange(c, 9_500, 10_500));
    }
}
