using System.Collections.Generic;
using CsCheck;

namespace Weft.Buffers.Tests;

public class SlotTableTests
{
    [Fact]
    public void TryGet_SlotUsedAgain_OldTokenFindsNobody()
    {
        SlotTable<string> table = new(1);
        SlotToken first = table.Add("first");
        Assert.True(table.Remove(first));
        SlotToken second = table.Add("second");

        Assert.Equal(first.Index, second.Index);
        Assert.False(table.TryGet(first, out _));
        Assert.False(table.Remove(first));
        Assert.True(table.TryGet(second, out string? found));
        Assert.Equal("second", found);
    }

    [Fact]
    public void TryGet_NoneOrForeignToken_FindsNobody()
    {
        SlotTable<string> table = new(1);
        table.Add("only");

        Assert.False(table.TryGet(default, out _));
        Assert.False(table.TryGet(new SlotToken(500, 1), out _));
        Assert.False(table.TryGet(new SlotToken(-1, 1), out _));
    }

    [Fact]
    public void Table_AnyAddsAndRemoves_BehavesAsADictionary()
    {
        Gen.Int[0, 99].Array[1, 300].Sample(choices =>
        {
            SlotTable<object> table = new(2);
            List<(SlotToken Token, object Item)> live = [];
            List<SlotToken> dead = [];
            foreach (int choice in choices)
            {
                if (choice < 60 || live.Count == 0)
                {
                    object item = new();
                    live.Add((table.Add(item), item));
                }
                else
                {
                    (SlotToken token, _) = live[choice % live.Count];
                    live.RemoveAt(choice % live.Count);
                    Assert.True(table.Remove(token));
                    dead.Add(token);
                }
            }

            Assert.Equal(live.Count, table.Count);
            Assert.All(live, entry => Assert.True(table.TryGet(entry.Token, out object? found) && found == entry.Item));
            Assert.All(dead, token => Assert.False(table.TryGet(token, out _)));
        }, iter: 100);
    }
}
