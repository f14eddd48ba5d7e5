using System;
using System.Net.Security;
using System.Threading.Tasks;
using Weft.Proxy.Tests.Fixture;
using Weft.Testing;

namespace Weft.Proxy.Tests.Http;

/// <summary>Mutual TLS between two proxies: who they are to each other, in logs, metrics and headers; who is refused.</summary>
public sealed class MeshTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Request_OverMutualTls_NamesBothEndsEverywhere(int concurrency)
    {
        await using var f = MeshFixture.Start(concurrency);
        using var client = RawPeer.Connect(f.ClientPort);
        client.Send("GET /x HTTP/1.1\r\nHost: web\r\nx-forwarded-client-cert: By=spoofed\r\n\r\n");
        using var server = f.Upstream.Accept();
        string head = server.ReadHead();
        Assert.Contains($"x-forwarded-client-cert: By={MeshFixture.ServerId};Subject=\"\";URI={MeshFixture.ClientId}\r\n", head, StringComparison.Ordinal);
        Assert.DoesNotContain("spoofed", head, StringComparison.Ordinal);
        server.Send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        Assert.Equal("ok", client.ReadResponse().Body);

        Assert.Equal(MeshFixture.ServerId, f.Client.LogLine().GetProperty("upstream_peer_uri_san").GetString());
        var line = f.Server.LogLine();
        Assert.Equal(MeshFixture.ClientId, line.GetProperty("downstream_peer_uri_san").GetString());
        Assert.Equal(MeshFixture.Sni, line.GetProperty("requested_server_name").GetString());
        Assert.Equal(1, f.Client.Metric("istio_requests_total", "reporter=\"source\"", "destination_workload=\"server\"", "destination_version=\"v7\"", $"destination_principal=\"{MeshFixture.ServerId}\"", "source_workload=\"client\""));
    }

    [Fact]
    public async Task Server_WithAnotherIdentityThanExpected_IsRefusedByName()
    {
        await using var f = MeshFixture.Start(expectedServer: "spiffe://cluster.local/ns/grid/sa/other");
        using var client = RawPeer.Connect(f.ClientPort);
        client.Send("GET /x HTTP/1.1\r\nHost: web\r\n\r\n");
        var response = client.ReadResponse();
        Assert.Equal(503, response.Status);
        var line = f.Client.LogLine();
        Assert.Equal("UF", line.GetProperty("response_flags").GetString());
        Assert.Equal("TLS_error:PeerIdentityUnexpected", line.GetProperty("upstream_transport_failure_reason").GetString());
        Assert.True(f.Upstream.IsUntouched(TimeSpan.FromMilliseconds(50)));
    }

    [Fact]
    public async Task Plaintext_ToAPortThatTakesOnlyTls_IsRefusedAndPermissiveTakesBoth()
    {
        await using (var strict = MeshFixture.Start(isStrict: true))
        {
            using var client = RawPeer.Connect(strict.ServerPort);
            client.Send("GET /x HTTP/1.1\r\nHost: web\r\n\r\n");
            Assert.True(client.IsClosedByPeer());
            Assert.True(strict.Upstream.IsUntouched(TimeSpan.FromMilliseconds(50)));
            var line = strict.Server.LogLine();
            Assert.Equal("NR", line.GetProperty("response_flags").GetString());
        }
        await using var permissive = MeshFixture.Start(isStrict: false);
        using var plain = RawPeer.Connect(permissive.ServerPort);
        plain.Send("GET /x HTTP/1.1\r\nHost: web\r\nx-forwarded-client-cert: URI=spoofed\r\n\r\n");
        using var server = permissive.Upstream.Accept();
        Assert.DoesNotContain("spoofed", server.ReadHead(), StringComparison.Ordinal);
        server.Send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        Assert.Equal("ok", plain.ReadResponse().Body);
    }

    [Fact]
    public async Task ClientWithoutCertificate_IsRefusedAndCounted()
    {
        await using var f = MeshFixture.Start();
        using var peer = RawPeer.Connect(f.ServerPort);
        // TLS 1.3 tells the client only after its handshake: the refusal comes with the first read.
        Assert.ThrowsAny<Exception>(() =>
        {
            using var tls = peer.StartTls(new SslClientAuthenticationOptions { TargetHost = "web", RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null });
            tls.Send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            if (tls.IsClosedByPeer()) throw new System.IO.IOException("closed");
        });
        Wait.Until(() => f.Server.Metric("weft_downstream_tls_failure_total", "PeerCertificateMissing") == 1, () => "not counted: " + string.Join("", f.Server.Log));
        Assert.True(f.Upstream.IsUntouched(TimeSpan.FromMilliseconds(50)));
    }

    [Fact]
    public async Task Rotation_OfTheIdentity_KeepsConnectionsAndNewOnesUseIt()
    {
        await using var f = MeshFixture.Start();
        using var client = RawPeer.Connect(f.ClientPort);
        client.Send("GET /1 HTTP/1.1\r\nHost: web\r\n\r\n");
        using var server = f.Upstream.Accept();
        server.ReadHead();
        f.GiveIdentity(f.Client, MeshFixture.ClientId);
        f.GiveIdentity(f.Server, MeshFixture.ServerId);
        server.Send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1");
        Assert.Equal("1", client.ReadResponse().Body);
        client.Send("GET /2 HTTP/1.1\r\nHost: web\r\n\r\n");
        server.ReadHead();
        server.Send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n2");
        Assert.Equal("2", client.ReadResponse().Body);
        Assert.Equal(1, f.Client.Metric("weft_loop_handshakes_total"));
    }

    [Fact]
    public async Task T56_TrustBundle_Changed_EndsIdleLinksMadeUnderTheOldOne()
    {
        using var other = new TestAuthority("other root");
        await using var f = MeshFixture.Start();
        using var client = RawPeer.Connect(f.ClientPort);
        client.Send("GET /1 HTTP/1.1\r\nHost: web\r\n\r\n");
        using var server = f.Upstream.Accept();
        server.ReadHead();
        server.Send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1");
        client.ReadResponse();
        byte[] both = [.. f.Authority.RootPem, (byte)'\n', .. other.RootPem];
        f.GiveIdentity(f.Client, MeshFixture.ClientId, both);
        Wait.Until(() => f.Client.Metric("envoy_cluster_upstream_cx_destroy") == 1, () => "the link made under the old bundle lives on");
        client.Send("GET /2 HTTP/1.1\r\nHost: web\r\n\r\n");
        server.ReadHead();
        server.Send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n2");
        Assert.Equal("2", client.ReadResponse().Body);
        Assert.Equal(2, f.Client.Metric("weft_loop_handshakes_total"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Tcp_ServerSpeaksFirstAndHalfCloses_OverMutualTls(int concurrency)
    {
        await using var f = MeshFixture.Start(concurrency, isTcp: true);
        using var client = RawPeer.Connect(f.ClientPort);
        using var server = f.Upstream.Accept();
        server.Send("220 hello\r\n");
        Assert.Equal("220 hello\r\n", client.ReadText(11));
        client.Send("QUIT").EndSending();
        Assert.Equal("QUIT", server.ReadToEnd());
        server.Send("bye").EndSending();
        Assert.Equal("bye", client.ReadToEnd());
        var line = f.Server.LogLine();
        Assert.Equal((MeshFixture.ClientId, 4, 14), (line.GetProperty("downstream_peer_uri_san").GetString(), line.GetProperty("bytes_received").GetInt32(), line.GetProperty("bytes_sent").GetInt32()));
        Wait.Until(() => f.Client.Metric("istio_tcp_connections_closed_total", "destination_workload=\"server\"") == 1, () => "not closed");
        Assert.Equal(4, f.Client.Metric("istio_tcp_received_bytes_total"));
        Assert.Equal(14, f.Client.Metric("istio_tcp_sent_bytes_total"));
    }
}
