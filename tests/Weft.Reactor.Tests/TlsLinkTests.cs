using System;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading.Tasks;
using Weft.Native.Linux;
using Weft.Native.OpenSsl;

namespace Weft.Reactor.Tests;

public class TlsLinkTests
{
    private const string Web = "spiffe://cluster.local/ns/grid/sa/web";
    private const string Meter = "spiffe://cluster.local/ns/grid/sa/meter";
    private static readonly PeerExpectation OwnDomain = PeerExpectation.TrustDomains(["cluster.local"]);

    [Fact]
    public void Handshake_BothCertified_NamesBothEndsAndWhatWasAgreed()
    {
        using Authority authority = new();
        using TlsPair pair = new(authority.Issue(Web), authority.Issue(Meter), authority, authority)
        {
            ServerAlpn = ["istio", "http/1.1"],
            Client = new TlsClientOptions
            {
                Expected = PeerExpectation.Ids([Meter]),
                ServerName = "outbound_.8080_.v1_.meter.grid.svc.cluster.local",
                Alpn = new AlpnList(["istio-http/1.1", "istio", "http/1.1"]),
            },
        };

        pair.Connect();
        pair.ClientProbe.Await("established");
        pair.ServerProbe.Await("established");

        Assert.Equal(Meter, pair.ClientProbe.PeerId);
        Assert.Equal(Web, pair.ServerProbe.PeerId);
        Assert.Equal(TlsVersion.Tls13, pair.ServerProbe.Version);
        Assert.Equal("istio", pair.ServerProbe.Alpn);
        Assert.Equal("istio", pair.ClientProbe.Alpn);
        Assert.Equal("outbound_.8080_.v1_.meter.grid.svc.cluster.local", pair.ServerProbe.ServerName);
    }

    [Fact]
    public void Echo_ManySizesOverMutualTls_ComeBackUnchanged()
    {
        using Authority authority = new();
        using TlsPair pair = new(authority.Issue(Web), authority.Issue(Meter), authority, authority);
        byte[] sent = new byte[900_000];
        Random.Shared.NextBytes(sent);
        byte[] received = new byte[sent.Length];
        int at = 0;
        pair.ClientProbe.Readable = link =>
        {
            link.Input.CopyTo(received.AsSpan(at));
            at += link.Input.Length;
            link.Consume(link.Input.Length);
            if (at == received.Length)
            {
                link.Close();
            }
        };
        pair.ClientProbe.Established = link =>
        {
            // Small, one record, more than one record, many.
            int from = 0;
            foreach (int size in new[] { 1, 100, 16_384, 16_385, 70_000, 797_130 })
            {
                link.Send(sent.AsSpan(from, size));
                from += size;
            }
        };

        pair.Connect();
        pair.ClientProbe.AwaitClosed();

        Assert.True(sent.AsSpan().SequenceEqual(received));
    }

    [Fact]
    public async Task Server_ForeignClient_EchoesThroughSslStream()
    {
        using Authority authority = new();
        using Leaf server = authority.Issue(Meter);
        using Leaf client = authority.Issue(Web);
        using TlsContext context = server.Context(TlsRole.Server, authority);
        Probe probe = TlsEcho(context, OwnDomain);
        using Mesh mesh = new(probe);
        using Socket socket = mesh.Dial();
        await using SslStream stream = Client(socket);

        await stream.AuthenticateAsClientAsync(ClientOptions(client), TestContext.Current.CancellationToken);
        byte[] sent = Encoding.ASCII.GetBytes(new string('x', 40_000));
        Task writing = stream.WriteAsync(sent, TestContext.Current.CancellationToken).AsTask();
        byte[] received = new byte[sent.Length];
        await stream.ReadExactlyAsync(received, TestContext.Current.CancellationToken);
        await writing;
        await stream.ShutdownAsync();

        Assert.Equal(sent, received);
        Assert.Equal(0, await stream.ReadAsync(received, TestContext.Current.CancellationToken));
        Assert.Equal(Web, probe.PeerId);
    }

    [Fact]
    public async Task Server_HandshakeBytesDripFed_CompletesAllTheSame()
    {
        using Authority authority = new();
        using Leaf server = authority.Issue(Meter);
        using Leaf client = authority.Issue(Web);
        using TlsContext context = server.Context(TlsRole.Server, authority);
        Probe probe = TlsEcho(context, OwnDomain);
        using Mesh mesh = new(probe);
        using Socket socket = mesh.Dial();
        await using SslStream stream = new(new DripStream(new NetworkStream(socket)), false, (_, certificate, _, _) => certificate is not null);

        await stream.AuthenticateAsClientAsync(ClientOptions(client), TestContext.Current.CancellationToken);
        await stream.WriteAsync("drop by drop"u8.ToArray(), TestContext.Current.CancellationToken);
        byte[] received = new byte[12];
        await stream.ReadExactlyAsync(received, TestContext.Current.CancellationToken);

        Assert.Equal("drop by drop", Encoding.ASCII.GetString(received));
    }

    [Fact]
    public async Task StartTls_AfterSniffing_ReplaysWhatWasRead()
    {
        using Authority authority = new();
        using Leaf server = authority.Issue(Meter);
        using Leaf client = authority.Issue(Web);
        using TlsContext context = server.Context(TlsRole.Server, authority);
        int sniffed = 0;
        Probe probe = Probe.Echo();
        Action<Link> echo = probe.Readable!;
        probe.Readable = link =>
        {
            if (link.Tls is not null)
            {
                echo(link);
                return;
            }

            // A sniffer that wants the whole ClientHello before it decides.
            sniffed = link.Input.Length;
            if (link.Input[0] == 0x16 && link.Input.Length >= 5 + ((link.Input[3] << 8) | link.Input[4]))
            {
                link.StartTls(context, new TlsServerOptions { Expected = OwnDomain });
            }
        };
        using Mesh mesh = new(probe);
        using Socket socket = mesh.Dial();
        await using SslStream stream = Client(socket);

        await stream.AuthenticateAsClientAsync(ClientOptions(client), TestContext.Current.CancellationToken);
        await stream.WriteAsync("hi"u8.ToArray(), TestContext.Current.CancellationToken);
        byte[] received = new byte[2];
        await stream.ReadExactlyAsync(received, TestContext.Current.CancellationToken);

        Assert.Equal("hi", Encoding.ASCII.GetString(received));
        Assert.True(sniffed > 100);
    }

    [Fact]
    public async Task Client_ForeignServer_HalfClosesProperly()
    {
        using Authority authority = new();
        using Leaf server = authority.Issue(Meter);
        using Leaf client = authority.Issue(Web);
        using TlsContext context = client.Context(TlsRole.Client, authority);
        using Socket listener = Mesh.NewServer(out IpEndpoint address);
        using Mesh mesh = new();
        StringBuilder received = new();
        Probe probe = new()
        {
            Established = link => link.Send("ask"u8),
            Readable = link =>
            {
                received.Append(Encoding.ASCII.GetString(link.Input));
                link.Consume(link.Input.Length);
            },
            PeerEof = link => link.ShutdownSend(),
        };
        mesh.Do(loop => loop.Connect(
            new ConnectOptions { Destination = address, TlsContext = context, Tls = new TlsClientOptions { Expected = PeerExpectation.Ids([Meter]) } },
            probe));
        using Socket accepted = await listener.AcceptAsync(TestContext.Current.CancellationToken);
        await using SslStream stream = new(new NetworkStream(accepted), false, (_, certificate, _, _) => certificate is not null);
        await stream.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions { ServerCertificate = Exported(server), ClientCertificateRequired = true },
            TestContext.Current.CancellationToken);

        byte[] ask = new byte[3];
        await stream.ReadExactlyAsync(ask, TestContext.Current.CancellationToken);
        await stream.WriteAsync("answer"u8.ToArray(), TestContext.Current.CancellationToken);
        await stream.ShutdownAsync();

        Assert.Equal(0, await stream.ReadAsync(ask, TestContext.Current.CancellationToken));
        Assert.Equal(CloseReason.Completed, probe.AwaitClosed().Reason);
        Assert.Equal("answer", received.ToString());
    }

    [Fact]
    public async Task Peer_EndsWithoutCloseNotify_IsTruncatedNotEof()
    {
        using Authority authority = new();
        using Leaf server = authority.Issue(Meter);
        using Leaf client = authority.Issue(Web);
        using TlsContext context = server.Context(TlsRole.Server, authority);
        bool sawEof = false;
        Probe probe = TlsEcho(context, OwnDomain);
        probe.PeerEof = _ => sawEof = true;
        using Mesh mesh = new(probe);
        using Socket socket = mesh.Dial();
        SslStream stream = Client(socket);
        await stream.AuthenticateAsClientAsync(ClientOptions(client), TestContext.Current.CancellationToken);
        probe.Await("established");

        socket.Shutdown(SocketShutdown.Send);

        Assert.Equal(CloseReason.Truncated, probe.AwaitClosed().Reason);
        Assert.False(sawEof);
    }

    [Fact]
    public void Plaintext_ToATlsServer_IsNamedProtocol()
    {
        using Authority authority = new();
        using Leaf server = authority.Issue(Meter);
        using TlsContext context = server.Context(TlsRole.Server, authority);
        Probe probe = TlsEcho(context, OwnDomain);
        using Mesh mesh = new(probe);
        using Socket socket = mesh.Dial();

        socket.Send("GET / HTTP/1.1\r\nHost: meter\r\n\r\n"u8);

        LinkFault fault = probe.AwaitClosed();
        Assert.Equal(CloseReason.HandshakeFailed, fault.Reason);
        Assert.Equal(TlsFailureKind.Protocol, fault.Tls.Kind);
    }

    [Fact]
    public void Handshake_PeerSilent_EndsAtItsDeadline()
    {
        using Authority authority = new();
        using Leaf server = authority.Issue(Meter);
        using TlsContext context = server.Context(TlsRole.Server, authority);
        Probe probe = TlsEcho(context, OwnDomain);
        using Mesh mesh = new(probe, new LinkLimits { HandshakeTimeout = 100 });
        using Socket socket = mesh.Dial();

        Assert.Equal(CloseReason.HandshakeTimeout, probe.AwaitClosed().Reason);
    }

    [Fact]
    public void Handshake_PeerLeavesInTheMiddle_IsNamed()
    {
        using Authority authority = new();
        using Leaf server = authority.Issue(Meter);
        using TlsContext context = server.Context(TlsRole.Server, authority);
        Probe probe = TlsEcho(context, OwnDomain);
        using Mesh mesh = new(probe);
        using Socket socket = mesh.Dial();

        socket.Send([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]);
        socket.Shutdown(SocketShutdown.Send);

        LinkFault fault = probe.AwaitClosed();
        Assert.Equal(CloseReason.HandshakeFailed, fault.Reason);
        Assert.Equal(TlsFailureKind.ClosedInHandshake, fault.Tls.Kind);
    }

    [Fact]
    public void Close_WithMuchQueued_DeliversEverythingAndCloseNotify()
    {
        using Authority authority = new();
        using TlsPair pair = new(authority.Issue(Web), authority.Issue(Meter), authority, authority);
        byte[] answer = new byte[600_000];
        long received = 0;
        pair.ServerProbe.Established = link =>
        {
            link.Send(answer);
            link.Close();
        };
        pair.ClientProbe.Readable = link =>
        {
            received += link.Input.Length;
            link.Consume(link.Input.Length);
        };
        pair.ClientProbe.PeerEof = link => link.ShutdownSend();

        pair.Connect();

        Assert.Equal(CloseReason.Completed, pair.ClientProbe.AwaitClosed().Reason);
        Assert.Equal(answer.Length, received);
    }

    [Fact]
    public void Send_SlowTlsReader_StaysWithinTheWatermarkAndResumes()
    {
        const int Total = 4 * 1024 * 1024;
        using Authority authority = new();
        using TlsPair pair = new(authority.Issue(Web), authority.Issue(Meter), authority, authority);
        byte[] chunk = new byte[32 * 1024];
        int sent = 0;
        int mostPending = 0;
        void Feed(Link link)
        {
            while (sent < Total)
            {
                sent += chunk.Length;
                SendStatus status = link.Send(chunk);
                mostPending = Math.Max(mostPending, link.OutputPending);
                if (status != SendStatus.Taken)
                {
                    return;
                }
            }

            link.ShutdownSend();
        }

        long received = 0;
        pair.ServerProbe.Established = Feed;
        pair.ServerProbe.Writable = Feed;
        pair.ServerProbe.PeerEof = null;
        pair.ClientProbe.Established = link => link.PauseReading();
        pair.ClientProbe.Readable = link =>
        {
            received += link.Input.Length;
            link.Consume(link.Input.Length);
        };
        pair.ClientProbe.PeerEof = link => link.ShutdownSend();

        pair.Connect();
        pair.ServerProbe.Await("established");
        pair.ClientProbe.Await("established");
        Assert.True(sent < Total, "the kernel's buffers took everything: the test says nothing");
        pair.Mesh.Do(_ => pair.ClientProbe.Link!.ResumeReading());

        Assert.Equal(CloseReason.Completed, pair.ClientProbe.AwaitClosed().Reason);
        Assert.Equal(Total, received);
        Assert.InRange(mostPending, 1, new LinkLimits().HighWatermark + (2 * chunk.Length) + 4096);
    }

    [Fact]
    public void Context_ReplacedWhileLinksLive_LeavesThemAlone()
    {
        using Authority authority = new();
        using TlsPair pair = new(authority.Issue(Web), authority.Issue(Meter), authority, authority);
        pair.Connect();
        pair.ClientProbe.Await("established");
        pair.ServerProbe.Await("established");

        pair.DisposeContexts();
        byte[] received = [];
        pair.Mesh.Do(_ =>
        {
            pair.ClientProbe.Readable = link =>
            {
                received = link.Input.ToArray();
                link.Consume(link.Input.Length);
                link.Close();
            };
            pair.ClientProbe.Link!.Send("still served"u8);
        });

        pair.ClientProbe.AwaitClosed();
        Assert.Equal("still served", Encoding.ASCII.GetString(received));
    }

    [Fact]
    public void Handshakes_ManyAtOnce_AllComplete()
    {
        const int Count = 60;
        using Authority authority = new();
        using Leaf server = authority.Issue(Meter);
        using Leaf client = authority.Issue(Web);
        using TlsContext serverContext = server.Context(TlsRole.Server, authority);
        using TlsContext clientContext = client.Context(TlsRole.Client, authority);
        using Mesh mesh = new(TlsEcho(serverContext, OwnDomain));
        Probe[] probes = new Probe[Count];
        mesh.Do(loop =>
        {
            for (int index = 0; index < Count; index++)
            {
                probes[index] = new Probe();
                loop.Connect(
                    new ConnectOptions { Destination = mesh.Address, TlsContext = clientContext, Tls = new TlsClientOptions { Expected = OwnDomain } },
                    probes[index]);
            }
        });

        Array.ForEach(probes, probe => probe.Await("established"));

        Assert.True(SpinUntil(() => mesh.Loop.Counters.Handshakes == 2 * Count));
        Assert.Equal(0, mesh.Loop.Counters.HandshakeFailures);
    }

    [Fact]
    public async Task Server_OldProtocolOffered_IsRefused()
    {
        using Authority authority = new();
        using Leaf server = authority.Issue(Meter);
        using Leaf client = authority.Issue(Web);
        using TlsContext context = server.Context(TlsRole.Server, authority);
        Probe probe = TlsEcho(context, OwnDomain);
        using Mesh mesh = new(probe);
        using Socket socket = mesh.Dial();
        await using SslStream stream = Client(socket);
        SslClientAuthenticationOptions options = ClientOptions(client);
        options.CipherSuitesPolicy = new CipherSuitesPolicy([TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256]);
        options.EnabledSslProtocols = SslProtocols.Tls12;

        await Assert.ThrowsAnyAsync<Exception>(() => stream.AuthenticateAsClientAsync(options, TestContext.Current.CancellationToken));

        Assert.Equal(TlsFailureKind.NothingInCommon, probe.AwaitClosed().Tls.Kind);
    }

    [Fact]
    public async Task Server_Tls12WithAead_IsServed()
    {
        using Authority authority = new();
        using Leaf server = authority.Issue(Meter);
        using Leaf client = authority.Issue(Web);
        using TlsContext context = server.Context(TlsRole.Server, authority);
        Probe probe = TlsEcho(context, OwnDomain);
        using Mesh mesh = new(probe);
        using Socket socket = mesh.Dial();
        await using SslStream stream = Client(socket);
        SslClientAuthenticationOptions options = ClientOptions(client);
        options.EnabledSslProtocols = SslProtocols.Tls12;

        await stream.AuthenticateAsClientAsync(options, TestContext.Current.CancellationToken);

        probe.Await("established");
        Assert.Equal(TlsVersion.Tls12, probe.Version);
        Assert.Equal(Web, probe.PeerId);
    }

    internal static Probe TlsEcho(TlsContext context, PeerExpectation expected)
    {
        Probe probe = Probe.Echo();
        probe.Accepted = link => link.StartTls(context, new TlsServerOptions { Expected = expected });
        return probe;
    }

    internal static SslStream Client(Socket socket) => new(new NetworkStream(socket), false, (_, certificate, _, _) => certificate is not null);

    internal static SslClientAuthenticationOptions ClientOptions(Leaf? client) => new()
    {
        TargetHost = "meter",
        ClientCertificates = client is null ? null : [Exported(client)],
    };

    // SslStream on Linux wants the key inside a PKCS#12-backed certificate.
    internal static X509Certificate2 Exported(Leaf leaf) => X509CertificateLoader.LoadPkcs12(leaf.Certificate.Export(X509ContentType.Pkcs12), null);

    private static bool SpinUntil(Func<bool> condition) => System.Threading.SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(10));
}
