using System;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using Weft.Policy.Blocks;
using Weft.Policy.Model;
using Weft.Policy.Tests.Support;

namespace Weft.Policy.Tests.Snapshot;

public class BlockTests
{
    [Fact]
    public void Records_AllOfThem_HaveNoPadding()
    {
        // Padding bytes would be whatever was on the stack, and the digest would not be of the meaning.
        Type[] records = [.. typeof(BlockView).Assembly.GetTypes()
            .Where(t => t.IsValueType && !t.IsEnum && t.Namespace == "Weft.Policy.Blocks" && t.Name.EndsWith("Record", StringComparison.Ordinal))];
        Assert.True(records.Length > 30);

        Assert.All(records, t => Assert.True(FieldBytes(t) == SizeOf(t), $"{t.Name}: fields {FieldBytes(t)}, size {SizeOf(t)}"));
    }

    [Fact]
    public void Build_SameInputTwice_GivesSameBytesAndDigest()
    {
        BlockImage first = Compiled.Of(Sample.Listener());
        BlockImage second = Compiled.Of(Sample.Listener());
        Assert.Equal(first.Bytes, second.Bytes);
        Assert.Equal(first.Digest, second.Digest);

        Assert.Equal(Compiled.Of(Sample.VirtualHost(), "t").Digest, Compiled.Of(Sample.VirtualHost(), "t").Digest);
        Assert.Equal(Compiled.Of(Sample.Cluster()).Digest, Compiled.Of(Sample.Cluster()).Digest);
    }

    [Fact]
    public void Build_AnyFieldChanged_GivesAnotherDigest()
    {
        VirtualHostConfig changed = Sample.VirtualHost();
        changed.Routes[0].Forward!.Timeout = TimeLimit.From(TimeSpan.FromMilliseconds(1501));

        Assert.NotEqual(Compiled.Of(Sample.VirtualHost(), "t").Digest, Compiled.Of(changed, "t").Digest);
    }

    [Fact]
    public void BlockView_MovedToAnotherAddress_ReadsTheSame()
    {
        BlockImage image = Compiled.Of(Sample.VirtualHost(), "t");
        var elsewhere = new byte[image.Bytes.Length + 16];
        image.Bytes.CopyTo(elsewhere.AsSpan(16));

        var view = new VirtualHostView(new BlockView(elsewhere.AsSpan(16)));

        Assert.Equal("forecast", Compiled.Text(view.Name));
        Assert.Equal("t/forecast", Compiled.Text(view.Block.Name));
        Assert.Equal(BlockKind.VirtualHost, view.Block.Kind);
    }

    [Fact]
    public void IsWellFormed_CutOrForeignBytes_AreRefused()
    {
        BlockImage image = Compiled.Of(Sample.Cluster());

        Assert.True(BlockView.IsWellFormed(image.Bytes));
        Assert.False(BlockView.IsWellFormed(image.Bytes[..^8]));
        Assert.False(BlockView.IsWellFormed(new byte[64]));
        Assert.False(BlockView.IsWellFormed(default));
    }

    private static int SizeOf(Type type)
        => (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;

    private static int FieldBytes(Type type)
    {
        if (type.IsPrimitive)
            return SizeOf(type);
        if (type.IsEnum)
            return SizeOf(Enum.GetUnderlyingType(type));
        return type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Sum(f => FieldBytes(f.FieldType));
    }
}
