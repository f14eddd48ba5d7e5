using System.Text;
using CsCheck;
using Weft.Fuzz;

namespace Weft.Http.Tests;

public sealed class CanonicalAuthorityTests
{
    private static readonly string[] Pieces = ["a", "B", ".", ":", "8", "0", "[", "]", "::", "-", "_", "@", "%", "/", "f"];

    [Theory]
    [InlineData("forecast", "forecast", 0)]
    [InlineData("Forecast.GRID", "forecast.grid", 0)]
    [InlineData("forecast.grid.", "forecast.grid", 0)]
    [InlineData("forecast.grid.:8080", "forecast.grid:8080", 8080)]
    [InlineData("forecast:8080", "forecast:8080", 8080)]
    [InlineData("forecast:", "forecast", 0)]
    [InlineData("forecast:00080", "forecast:80", 80)]
    [InlineData("10.0.0.1:65535", "10.0.0.1:65535", 65535)]
    [InlineData("[2001:DB8::1]:443", "[2001:db8::1]:443", 443)]
    [InlineData("[::1]", "[::1]", 0)]
    [InlineData("xn--mnchen-3ya.de", "xn--mnchen-3ya.de", 0)]
    [InlineData("_dmarc.a", "_dmarc.a", 0)]
    public void T62_Authority_GivesTheOneForm(string authority, string canonical, int port)
    {
        byte[] input = Encoding.ASCII.GetBytes(authority);
        var destination = new byte[input.Length];
        Canonical verdict = CanonicalAuthority.Normalize(input, destination, out AuthorityParts parts);
        Assert.Equal(canonical == authority ? Canonical.Unchanged : Canonical.Rewritten, verdict);
        Assert.Equal(canonical, Encoding.ASCII.GetString(verdict == Canonical.Unchanged ? input : destination, 0, parts.Length));
        Assert.Equal(port, parts.Port);
        Assert.Equal(port == 0 ? canonical : canonical[..canonical.LastIndexOf(':')], canonical[..parts.HostLength]);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a..b")]
    [InlineData(".a")]
    [InlineData("a:0")]
    [InlineData("a:65536")]
    [InlineData("a:-1")]
    [InlineData("a:8a")]
    [InlineData("u@a")]
    [InlineData("a%61")]
    [InlineData("[::1%25eth0]")]
    [InlineData("[1.2.3.4]")]
    [InlineData("[::1")]
    [InlineData("::1")]
    [InlineData("m\u00fcnchen")]
    public void T62_AuthorityWithoutOneMeaning_IsRejected(string authority) =>
        Assert.Equal(Canonical.Rejected, CanonicalAuthority.Normalize(Encoding.Latin1.GetBytes(authority), new byte[300], out _));

    [Fact]
    public void Normalize_LongerThanAnyName_IsRejected() =>
        Assert.False(CanonicalAuthority.IsValid(Encoding.ASCII.GetBytes(new string('a', CanonicalAuthority.MaxLength + 1))));

    [Fact]
    public void Normalize_InPlace_IsAllowed()
    {
        byte[] bytes = "A.Example.:080"u8.ToArray();
        Assert.Equal(Canonical.Rewritten, CanonicalAuthority.Normalize(bytes, bytes, out AuthorityParts parts));
        Assert.Equal("a.example:80", Encoding.ASCII.GetString(bytes, 0, parts.Length));
    }

    [Fact]
    public void Normalize_AnyAuthority_IsStable() =>
        Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).List[0, 10].Select(string.Concat)
            .Sample(authority => CanonicalTargets.Authority(Encoding.ASCII.GetBytes(authority)), iter: 100_000);
}
