using System;
using System.Buffers.Binary;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Core;
using Grpc.Net.Client;
using Weft.Identity;

namespace Weft.Proxy.Discovery;

/// <summary>
/// One gRPC channel to weftd: TLS against the mesh root with our certificate if there is one, a socket that carries the proxy's mark, pings that
/// notice a dead peer. Made for one call or stream, so that each is authenticated by the certificate of its time. Off-loop.
/// </summary>
internal sealed class ControlPlaneChannel : IDisposable
{
    private const int SolSocket = 1;
    private const int SoMark = 36;

    /// <summary>More than 10,000 services need; less than would hurt a machine.</summary>
    private const int MaxMessageBytes = 256 * 1024 * 1024;

    private readonly DiscoveryOptions _options;
    private readonly string _host;
    private readonly int _port;
    private readonly GrpcChannel _channel;
    private readonly CertificateHolder _holder;

    public ControlPlaneChannel(DiscoveryOptions options, CertificateHolder holder)
    {
        _options = options;
        _holder = holder;
        (_host, _port) = SplitAddress(options.Address);
        var handler = CreateHandler();
        // The name in the URI is what SNI and verification use; where to connect is ConnectAsync's business.
        var uri = options.IsPlaintext ? $"http://{options.Address}" : $"https://{options.ServerName}:{_port}";
        _channel = GrpcChannel.ForAddress(uri, new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            MaxReceiveMessageSize = MaxMessageBytes,
            ThrowOperationCanceledOnCancellation = true,
        });
        Invoker = _channel.CreateCallInvoker();
    }

    public CallInvoker Invoker { get; }

    /// <exception cref="ArgumentException">The address is not HOST:PORT, or plaintext is asked for to another machine.</exception>
    public static void Check(DiscoveryOptions options)
    {
        var (host, _) = SplitAddress(options.Address);
        if (options.IsPlaintext && !(IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address)))
        {
            throw new ArgumentException($"plaintext discovery is for loopback only, not for {options.Address}", nameof(options));
        }
    }

    public void Dispose() => _channel.Dispose();

    private SocketsHttpHandler CreateHandler() => new()
    {
        ConnectCallback = ConnectAsync,
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        // Istio's and Envoy's numbers are 30 s and 10 s.
        KeepAlivePingDelay = TimeSpan.FromSeconds(30),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
        ConnectTimeout = TimeSpan.FromSeconds(10),
        SslOptions = new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            AllowRenegotiation = false,
            LocalCertificateSelectionCallback = (_, _, _, _, _) => _holder.Current.Certificate!,
            RemoteCertificateValidationCallback = VerifyServer,
        },
    };

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var socket = IPAddress.TryParse(_host, out var address)
            ? new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.NoDelay = true;
            if (_options.Mark != 0) SetMark(socket, _options.Mark);
            EndPoint target = address is null ? new DnsEndPoint(_host, _port) : new IPEndPoint(address, _port);
            await socket.ConnectAsync(target, cancellation).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Redirection lets marked sockets pass; without the mark our own traffic would come back to us.</summary>
    private static void SetMark(Socket socket, int mark)
    {
        Span<byte> value = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(value, mark);
        socket.SetRawSocketOption(SolSocket, SoMark, value);
    }

    private bool VerifyServer(object sender, X509Certificate? certificate, X509Chain? sent, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 leaf || !leaf.MatchesHostname(_options.ServerName)) return false;
        // Read anew each time: whoever mounted the file may have replaced it, and there are few connections.
        var pem = File.ReadAllText(_options.RootCertificateFile) + "\n" + _holder.Current.IssuerPem;
        if (!TrustBundle.TryParse(pem, out var bundle, out _)) return false;
        using (bundle)
        {
            var others = new X509Certificate2Collection();
            if (sent is not null)
            {
                foreach (var element in sent.ChainElements) others.Add(element.Certificate);
            }

            // The control plane's certificate has a SPIFFE id here; a cluster's istiod may have DNS names only, which is as good.
            return PeerCertificate.TryVerifyServer(leaf, others, bundle!, DateTimeOffset.UtcNow, out _);
        }
    }

    private static (string Host, int Port) SplitAddress(string address)
    {
        var colon = address.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(address.AsSpan(colon + 1), out var port)) throw new ArgumentException($"'{address}' is not HOST:PORT", nameof(address));
        return (address[..colon].Trim('[', ']'), port);
    }
}
