using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Weft.Buffers.Tests;

public class QueueTests
{
    [Fact]
    public async Task Mpsc_ManyProducers_LosesNothingAndKeepsEachOnesOrder()
    {
        const int Producers = 4;
        const int Each = 20_000;
        MpscQueue<Item> queue = new();
        Task[] producers = [.. Enumerable.Range(0, Producers).Select(producer => Task.Run(() =>
        {
            for (int index = 0; index < Each; index++)
            {
                queue.Push(new Item(producer, index));
            }
        }))];
        int[] next = new int[Producers];
        int taken = 0;
        while (taken < Producers * Each)
        {
            if (queue.TryTake(out Item? item))
            {
                Assert.Equal(next[item.Producer]++, item.Number);
                taken++;
            }
            else
            {
                Thread.Yield();
            }
        }

        await Task.WhenAll(producers);
        Assert.True(queue.IsEmpty);
    }

    [Fact]
    public void Push_ConsumerHasLookedOrNot_SaysWhetherToWakeIt()
    {
        MpscQueue<Item> queue = new();
        Item first = new(0, 0);

        Assert.True(queue.Push(first));
        Assert.False(queue.Push(new Item(0, 1)));
        Assert.True(queue.TryTake(out _));
        Assert.True(queue.Push(new Item(0, 2)));
        Assert.True(queue.TryTake(out Item? second));
        Assert.Equal(1, second.Number);
        // An object that was taken may wait again.
        Assert.False(queue.Push(first));
    }

    [Fact]
    public async Task Ring_WriterAndReaderRace_RecordsComeWholeAndInOrder()
    {
        const int Count = 200_000;
        SpscByteRing ring = new(4096);
        Task writer = Task.Run(() =>
        {
            byte[] record = new byte[300];
            for (int number = 0; number < Count;)
            {
                int length = 4 + (number % 290);
                BitConverter.TryWriteBytes(record, number);
                record.AsSpan(4, length - 4).Fill((byte)number);
                if (ring.TryWrite(record.AsSpan(0, length)))
                {
                    number++;
                }
                else
                {
                    Thread.Yield();
                }
            }
        });
        for (int number = 0; number < Count;)
        {
            if (!ring.TryPeek(out ReadOnlySpan<byte> record))
            {
                Thread.Yield();
                continue;
            }

            Assert.Equal(4 + (number % 290), record.Length);
            Assert.Equal(number, BitConverter.ToInt32(record));
            Assert.Equal(-1, record[4..].IndexOfAnyExcept((byte)number));
            ring.Advance();
            number++;
        }

        await writer;
        Assert.True(ring.IsEmpty);
    }

    [Fact]
    public void Ring_Full_DropsAndCounts()
    {
        SpscByteRing ring = new(64);

        Assert.True(ring.TryWrite(new byte[28]));
        Assert.True(ring.TryWrite(new byte[28]));
        Assert.False(ring.TryWrite(new byte[1]));
        Assert.False(ring.TryWrite(new byte[100]));

        Assert.Equal(2, ring.Dropped);
        Assert.True(ring.TryPeek(out ReadOnlySpan<byte> first));
        Assert.Equal(28, first.Length);
    }

    private sealed class Item(int producer, int number) : MpscNode
    {
        public int Producer => producer;

        public int Number => number;
    }
}
