using System;
using System.Linq;
using CsCheck;

namespace Weft.Buffers.Tests;

public class InputBufferTests
{
    [Fact]
    public void Buffer_AnyReceivesAndConsumes_StaysContiguousAndExact()
    {
        Gen.Select(Gen.Int[1, 9000], Gen.Int[0, 9000]).Array[1, 40].Sample(steps =>
        {
            using SlabPool pool = new();
            InputBuffer buffer = default;
            byte[] model = [];
            byte next = 0;
            foreach ((int receive, int consume) in steps)
            {
                Span<byte> room = buffer.Room(pool, 2048, SlabPool.LargeSize);
                int count = Math.Min(receive, room.Length);
                byte[] fresh = new byte[count];
                for (int index = 0; index < count; index++)
                {
                    fresh[index] = next++;
                }

                fresh.CopyTo(room);
                buffer.Commit(pool, count);
                model = [.. model, .. fresh];
                Assert.True(model.AsSpan().SequenceEqual(buffer.Bytes));

                int drop = Math.Min(consume, buffer.Length);
                buffer.Consume(pool, drop);
                model = model[drop..];
                Assert.True(model.AsSpan().SequenceEqual(buffer.Bytes));
                Assert.Equal(model.Length == 0, pool.BytesInUse == 0);
            }

            buffer.Clear(pool);
        }, iter: 60);
    }

    [Fact]
    public void Room_LimitReached_IsEmpty()
    {
        using SlabPool pool = new();
        InputBuffer buffer = default;
        Assert.True(buffer.TryPark(pool, new byte[1000]));

        Assert.Equal(24, buffer.Room(pool, 2048, 1024).Length);
        buffer.Commit(pool, 24);
        Assert.True(buffer.Room(pool, 2048, 1024).IsEmpty);
        buffer.Clear(pool);
    }

    [Fact]
    public void Commit_NothingReceived_HoldsNoSlab()
    {
        using SlabPool pool = new();
        InputBuffer buffer = default;

        Assert.False(buffer.Room(pool, 10, 1024).IsEmpty);
        Assert.Equal(SlabPool.SmallSize, pool.BytesInUse);
        buffer.Commit(pool, 0);

        Assert.Equal(0, pool.BytesInUse);
    }

    [Fact]
    public void TryPark_MoreThanFits_LeavesTheBufferAsItWas()
    {
        using SlabPool pool = new();
        InputBuffer buffer = default;
        Assert.True(buffer.TryPark(pool, new byte[60_000]));

        Assert.False(buffer.TryPark(pool, new byte[6_000]));

        Assert.Equal(60_000, buffer.Length);
        buffer.Clear(pool);
    }

    [Fact]
    public void Pool_ManySlabsReturned_KeepsFewAndFreesTheRest()
    {
        using SlabPool pool = new();
        InputBuffer[] buffers = new InputBuffer[200];
        for (int index = 0; index < buffers.Length; index++)
        {
            buffers[index].TryPark(pool, new byte[16_000]);
        }

        Assert.Equal(200L * SlabPool.MediumSize, pool.BytesInUse);
        for (int index = 0; index < buffers.Length; index++)
        {
            buffers[index].Clear(pool);
        }

        Assert.Equal(0, pool.BytesInUse);
        Assert.Equal(32L * SlabPool.MediumSize, pool.BytesRetained);
        Assert.True(buffers.All(buffer => buffer.IsEmpty));
    }
}
