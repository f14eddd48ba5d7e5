using System;
using System.Text;
using Weft.Native.OpenSsl;

namespace Weft.Native.Tests;

public class SpiffeIdSyntaxTests
{
    [Theory]
    [InlineData("spiffe://cluster.local/ns/grid/sa/web", true)]
    [InlineData("spiffe://cluster.local/a", true)]
    [InlineData("spiffe://a_b-1/ns/x.y", true)]
    [InlineData("spiffe://cluster.local", false)]
    [InlineData("spiffe://cluster.local/", false)]
    [InlineData("spiffe:///ns/grid", false)]
    [InlineData("spiffe://cluster.local/ns//sa", false)]
    [InlineData("spiffe://cluster.local/./sa", false)]
    [InlineData("spiffe://cluster.local/ns/..", false)]
    [InlineData("spiffe://cluster.local/ns/we*b", false)]
    [InlineData("spiffe://cluster.local/ns/web#x", false)]
    [InlineData("spiffe://user@cluster.local/ns/web", false)]
    [InlineData("spiffe://CLUSTER.local/ns/web", false)]
    [InlineData("http://cluster.local/ns/web", false)]
    [InlineData("", false)]
    public void IsWorkloadId_Grammar_IsExact(string id, bool expected) => Assert.Equal(expected, SpiffeIdSyntax.IsWorkloadId(Encoding.UTF8.GetBytes(id)));

    [Fact]
    public void IsWorkloadId_LookAlikeLetter_IsRefused() =>
        Assert.False(SpiffeIdSyntax.IsWorkloadId("spiffe://cluster.local/ns/grid/sa/w\u0435b"u8));

    [Fact]
    public void IsWorkloadId_TooLong_IsRefused()
    {
        string longest = "spiffe://cluster.local/" + new string('a', SpiffeIdSyntax.MaxLength - "spiffe://cluster.local/".Length);

        Assert.True(SpiffeIdSyntax.IsWorkloadId(Encoding.UTF8.GetBytes(longest)));
        Assert.False(SpiffeIdSyntax.IsWorkloadId(Encoding.UTF8.GetBytes(longest + "a")));
    }

    [Fact]
    public void Expectation_ExactId_RefusesNeighboursByTheRightName()
    {
        PeerExpectation expected = PeerExpectation.Ids(["spiffe://cluster.local/ns/grid/sa/web"]);

        Assert.Equal(TlsFailureKind.None, expected.Check("spiffe://cluster.local/ns/grid/sa/web"u8));
        Assert.Equal(TlsFailureKind.PeerIdentityUnexpected, expected.Check("spiffe://cluster.local/ns/grid/sa/web2"u8));
        Assert.Equal(TlsFailureKind.PeerIdentityUnexpected, expected.Check("spiffe://cluster.local/ns/grid/sa/we"u8));
        Assert.Equal(TlsFailureKind.PeerTrustDomainUnexpected, expected.Check("spiffe://other.local/ns/grid/sa/web"u8));
    }

    [Fact]
    public void Expectation_OfNobody_CannotBeMade() => Assert.Throws<ArgumentException>(() => PeerExpectation.Build([], []));
}
