using System;
using System.Collections.Generic;
using CsCheck;

namespace Weft.Buffers.Tests;

public class ByteQueueTests
{
    [Fact]
    public void Queue_AnyAppendsAndConsumes_GivesBytesBackInOrder()
    {
        Gen.Select(Gen.Int[0, 40_000], Gen.Int[0, 40_000]).Array[1, 40].Sample(steps =>
        {
            using SlabPool pool = new();
            ByteQueue queue = default;
            Queue<byte> model = new();
            byte next = 0;
            foreach ((int append, int consume) in steps)
            {
                byte[] bytes = new byte[append];
                for (int index = 0; index < append; index++)
                {
                    bytes[index] = next++;
                    model.Enqueue(bytes[index]);
                }

                queue.Append(pool, bytes);
                for (int left = Math.Min(consume, queue.Length); left > 0;)
                {
                    ReadOnlySpan<byte> front = queue.Front;
                    int count = Math.Min(front.Length, left);
                    foreach (byte b in front[..count])
                    {
                        Assert.Equal(model.Dequeue(), b);
                    }

                    queue.Consume(pool, count);
                    left -= count;
                }

                Assert.Equal(model.Count, queue.Length);
                Assert.Equal(model.Count == 0, pool.BytesInUse == 0);
                byte[] copy = new byte[queue.Length];
                Assert.Equal(copy.Length, queue.CopyTo(copy));
                Assert.Equal(model.ToArray(), copy);
            }

            queue.Clear(pool);
            Assert.Equal(0, pool.BytesInUse);
        }, iter: 60);
    }

    [Fact]
    public void Piece_QueueOfSeveralSlabs_ReadsItAllWithoutTakingItOut()
    {
        using SlabPool pool = new();
        ByteQueue queue = default;
        byte[] bytes = new byte[100_000];
        Random.Shared.NextBytes(bytes);
        queue.Append(pool, bytes);
        queue.Consume(pool, 10);

        List<byte> read = [];
        for (int index = 0; !queue.Piece(index).IsEmpty; index++)
        {
            read.AddRange(queue.Piece(index));
        }

        Assert.Equal(bytes[10..], read);
        Assert.Equal(bytes.Length - 10, queue.Length);
        queue.Clear(pool);
    }

    [Fact]
    public void Consume_MoreThanThereIs_Throws()
    {
        using SlabPool pool = new();
        ByteQueue queue = default;
        queue.Append(pool, new byte[10]);

        Assert.Throws<ArgumentOutOfRangeException>(() => queue.Consume(pool, 11));
        Assert.Throws<ArgumentOutOfRangeException>(() => queue.Consume(pool, -1));
        queue.Clear(pool);
    }
}
