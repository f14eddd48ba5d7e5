using System;
using System.Collections.Generic;
using System.Text;
using Weft.Telemetry.Tracing;
using Weft.Testing;

namespace Weft.Telemetry.Tests.Tracing;

public sealed class TracingTests
{
    [Fact]
    public void Write_RequestIds_AreVersion4AndDifferent()
    {
        var generator = RequestIdGenerator.Create();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        Span<byte> text = stackalloc byte[RequestIdGenerator.TextLength];
        for (int i = 0; i < 10_000; i++)
        {
            generator.Write(text);
            string id = Encoding.ASCII.GetString(text);
            Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", id);
            Assert.True(seen.Add(id));
        }
    }

    [Fact]
    public void Write_SameSeed_SameIds()
    {
        var one = new RequestIdGenerator(42);
        var two = new RequestIdGenerator(42);
        var other = new RequestIdGenerator(43);
        Assert.Equal(Next(ref one), Next(ref two));
        Assert.NotEqual(Next(ref one), Next(ref other));
    }

    [Fact]
    public void Write_AllocatesNothing()
    {
        var generator = RequestIdGenerator.Create();
        var text = new byte[RequestIdGenerator.TextLength];
        Assert.Equal(0, Allocations.Of(2000, () => generator.Write(text)));
    }

    [Theory]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", true)]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00", false)]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0a", false)]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0b", true)]
    [InlineData("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-the-future-will-be", true)]
    public void TryParse_TraceParent_GivesItsParts(string header, bool isSampled)
    {
        Assert.True(TraceParent.TryParse(Encoding.ASCII.GetBytes(header), out TraceParent parent));
        Assert.Equal("4bf92f3577b34da6a3ce929d0e0e4736", Encoding.ASCII.GetString(parent.TraceId));
        Assert.Equal("00f067aa0ba902b7", Encoding.ASCII.GetString(parent.ParentId));
        Assert.Equal(isSampled, parent.IsSampled);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7")]
    [InlineData("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01")]
    [InlineData("ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    [InlineData("00-00000000000000000000000000000000-00f067aa0ba902b7-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x")]
    [InlineData("00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    public void TryParse_AnythingElse_IsNoTrace(string header) => Assert.False(TraceParent.TryParse(Encoding.ASCII.GetBytes(header), out _));

    private static string Next(ref RequestIdGenerator generator)
    {
        Span<byte> text = stackalloc byte[RequestIdGenerator.TextLength];
        generator.Write(text);
        return Encoding.ASCII.GetString(text);
    }
}
