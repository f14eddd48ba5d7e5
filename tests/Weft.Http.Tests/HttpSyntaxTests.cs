using System;
using System.Linq;
using CsCheck;

namespace Weft.Http.Tests;

public sealed class HttpSyntaxTests
{
    private const string TokenCharacters = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    [Fact]
    public void TokenLength_EveryByteAtEveryPlace_StopsWhereTheGrammarDoes()
    {
        for (int length = 0; length < 40; length++)
        {
            for (int b = 0; b < 256; b++)
            {
                byte[] bytes = [.. Enumerable.Repeat((byte)'a', length), (byte)b, .. Enumerable.Repeat((byte)'z', 20), (byte)':'];
                bool isToken = TokenCharacters.Contains((char)b, StringComparison.Ordinal);
                Assert.Equal(isToken ? length + 21 : length, HttpSyntax.TokenLength(bytes));
            }
        }

        Assert.Equal(3, HttpSyntax.TokenLength("abc"u8));
        Assert.Equal(0, HttpSyntax.TokenLength([]));
    }

    [Fact]
    public void IndexOfControlExceptTab_AnyBytes_AgreesWithTheNaiveSearch() => Gen.Byte.Array[0, 100].Sample(
        bytes =>
        {
            Assert.Equal(Array.FindIndex(bytes, IsControl), HttpSyntax.IndexOfControlExceptTab(bytes));
            // Mostly printable, so that the search goes far.
            byte[] rare = [.. bytes.Select((b, i) => i % 37 == 0 ? b : (byte)(0x20 + (b % 0x5f)))];
            Assert.Equal(Array.FindIndex(rare, IsControl), HttpSyntax.IndexOfControlExceptTab(rare));
        },
        iter: 20_000);

    private static bool IsControl(byte b) => (b < 0x20 && b != '\t') || b == 0x7f;
}
