using System;
using System.Text;
using Weft.Native.OpenSsl;

namespace Weft.Reactor.Tests;

/// <summary>Who is not let in, and under which name the refusal is logged.</summary>
public class TlsRefusalTests
{
    private const string Web = "spiffe://cluster.local/ns/grid/sa/web";
    private const string Meter = "spiffe://cluster.local/ns/grid/sa/meter";

    [Fact]
    public void Server_WrongTrustDomain_IsNamed() =>
        AssertServerRefuses("spiffe://evil.local/ns/grid/sa/web", null, TlsFailureKind.PeerTrustDomainUnexpected);

    [Fact]
    public void Server_TrustDomainThatOnlyBeginsAlike_IsNamed() =>
        AssertServerRefuses("spiffe://cluster.local.evil/ns/grid/sa/web", null, TlsFailureKind.PeerTrustDomainUnexpected);

    [Fact]
    public void Server_ExpiredClient_IsNamed() =>
        AssertServerRefuses(Web, leaf => leaf.NotAfter = DateTimeOffset.UtcNow.AddMinutes(-1), TlsFailureKind.PeerCertificateExpired);

    [Fact]
    public void Server_ClientFromTheFuture_IsNamed() =>
        AssertServerRefuses(Web, leaf => leaf.NotBefore = DateTimeOffset.UtcNow.AddMinutes(30), TlsFailureKind.PeerCertificateNotYetValid);

    [Fact]
    public void Server_AuthorityAsLeaf_IsNamed() =>
        AssertServerRefuses(Web, leaf => leaf.IsAuthority = true, TlsFailureKind.PeerLeafIsAuthority);

    [Fact]
    public void Server_KeyForServersOnly_IsRefused() =>
        AssertServerRefuses(Web, leaf => leaf.Purposes = [LeafOptions.ServerAuth], TlsFailureKind.PeerCertificateInvalid);

    [Fact]
    public void Server_TwoUriNames_IsMalformed() =>
        AssertServerRefuses(Web, leaf => leaf.Uris.Add(Meter), TlsFailureKind.PeerIdentityMalformed);

    [Fact]
    public void Server_NoName_IsMalformed() => AssertServerRefuses(null, null, TlsFailureKind.PeerIdentityMalformed);

    [Theory]
    [InlineData("spiffe://cluster.local/ns/grid/sa/web\0.evil")]
    [InlineData("spiffe://cluster.local/ns/grid/sa/*")]
    [InlineData("spiffe://cluster.local/ns/grid/sa/w%65b")]
    [InlineData("spiffe://cluster.local/ns/grid/../grid/sa/web")]
    [InlineData("spiffe://cluster.local//ns/grid/sa/web")]
    [InlineData("spiffe://cluster.local/ns/grid/sa/web/")]
    [InlineData("spiffe://cluster.local/ns/grid/sa/web?x")]
    [InlineData("spiffe://Cluster.local/ns/grid/sa/web")]
    [InlineData("spiffe://cluster.local:80/ns/grid/sa/web")]
    [InlineData("spiffe://cluster.local")]
    [InlineData("SPIFFE://cluster.local/ns/grid/sa/web")]
    [InlineData("https://cluster.local/ns/grid/sa/web")]
    public void Server_NameThatOnlyLooksLikeASpiffeId_IsMalformed(string uri) =>
        AssertServerRefuses(null, leaf => leaf.RawSan = SubjectAltName(uri), TlsFailureKind.PeerIdentityMalformed);

    [Fact]
    public void Server_ForeignAuthorityOfTheSameName_IsUntrusted()
    {
        using Authority ours = new();
        using Authority theirs = new();
        AssertRefused(theirs.Issue(Web), ours.Issue(Meter), theirs: ours, TlsFailureKind.PeerUntrusted);
    }

    [Fact]
    public void Server_ClientWithoutCertificate_IsNamed()
    {
        using Authority authority = new();
        using TlsPair pair = new(authority.Issue(Web), authority.Issue(Meter), authority, authority) { ClientHasCertificate = false };

        pair.Connect();

        LinkFault fault = pair.ServerProbe.AwaitClosed();
        Assert.Equal(CloseReason.HandshakeFailed, fault.Reason);
        Assert.Equal(TlsFailureKind.PeerCertificateMissing, fault.Tls.Kind);
        // TLS 1.3: the client has finished before the server looks, and hears of it only then.
        LinkFault heard = pair.ClientProbe.AwaitClosed();
        Assert.Equal(TlsFailureKind.PeerAlert, heard.Tls.Kind);
        Assert.Contains("certificate required", heard.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Client_UnexpectedServer_IsNamedBeforeAnythingIsSent()
    {
        using Authority authority = new();
        using TlsPair pair = new(authority.Issue(Web), authority.Issue("spiffe://cluster.local/ns/grid/sa/impostor"), authority, authority)
        {
            Client = new TlsClientOptions { Expected = PeerExpectation.Ids([Meter]) },
        };
        bool established = false;
        pair.ClientProbe.Established = _ => established = true;

        pair.Connect();

        LinkFault fault = pair.ClientProbe.AwaitClosed();
        Assert.Equal(CloseReason.HandshakeFailed, fault.Reason);
        Assert.True(fault.IsConnectFault);
        Assert.Equal(TlsFailureKind.PeerIdentityUnexpected, fault.Tls.Kind);
        Assert.Equal("spiffe://cluster.local/ns/grid/sa/impostor", pair.ClientProbe.RefusedId);
        Assert.False(established);
        Assert.Equal(TlsFailureKind.PeerAlert, pair.ServerProbe.AwaitClosed().Tls.Kind);
    }

    [Fact]
    public void Client_ExpiredServer_IsNamed()
    {
        using Authority authority = new();
        using TlsPair pair = new(
            authority.Issue(Web),
            authority.Issue(Meter, leaf => leaf.NotAfter = DateTimeOffset.UtcNow.AddMinutes(-1)),
            authority,
            authority);

        pair.Connect();

        LinkFault fault = pair.ClientProbe.AwaitClosed();
        Assert.Equal(TlsFailureKind.PeerCertificateExpired, fault.Tls.Kind);
        Assert.Contains("certificate has expired", fault.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(9, false)]
    [InlineData(10, true)]
    public void Server_ChainOfManyCertificates_EndsAtTen(int extra, bool isRefused)
    {
        using Authority authority = new();
        Leaf client = authority.Issue(Web);
        for (int index = 0; index < extra; index++)
        {
            using Leaf filler = authority.Issue(Web);
            client.Append(filler);
        }

        using TlsPair pair = new(client, authority.Issue(Meter), authority, authority);
        pair.Connect();

        if (isRefused)
        {
            Assert.Equal(TlsFailureKind.PeerChainTooLong, pair.ServerProbe.AwaitClosed().Tls.Kind);
        }
        else
        {
            Assert.Equal(Web, pair.ServerProbe.Await("established").PeerId);
        }
    }

    [Fact]
    public void Server_ChainOfManyKilobytes_IsTooLong()
    {
        using Authority authority = new();
        Leaf client = authority.Issue(Web);
        for (int index = 0; index < 3; index++)
        {
            using Leaf filler = authority.Issue("spiffe://cluster.local/" + new string('a', 6000));
            client.Append(filler);
        }

        using TlsPair pair = new(client, authority.Issue(Meter), authority, authority);
        pair.Connect();

        Assert.Equal(TlsFailureKind.PeerChainTooLong, pair.ServerProbe.AwaitClosed().Tls.Kind);
    }

    private static void AssertServerRefuses(string? clientId, Action<LeafOptions>? configure, TlsFailureKind kind)
    {
        using Authority authority = new();
        AssertRefused(authority.Issue(clientId, configure), authority.Issue(Meter), authority, kind);
    }

    private static void AssertRefused(Leaf client, Leaf server, Authority theirs, TlsFailureKind kind)
    {
        using TlsPair pair = new(client, server, theirs, theirs);
        bool established = false;
        pair.ServerProbe.Established = _ => established = true;

        pair.Connect();

        LinkFault fault = pair.ServerProbe.AwaitClosed();
        Assert.Equal(CloseReason.HandshakeFailed, fault.Reason);
        Assert.Equal(kind, fault.Tls.Kind);
        Assert.False(established);
        Assert.Equal(1, pair.Mesh.Loop.Counters.HandshakeFailures);
    }

    // DER by hand: the BCL's builder would refuse or repair most of these names.
    private static byte[] SubjectAltName(string uri)
    {
        byte[] text = Encoding.Latin1.GetBytes(uri);
        return [0x30, (byte)(text.Length + 2), 0x86, (byte)text.Length, .. text];
    }
}
