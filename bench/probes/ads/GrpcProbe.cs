using System;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Threading.Tasks;
using Grpc.Core;
using Grpc.Net.Client;

namespace Weft.Probes.Ads;

/// <summary>As src/Weft.Proxy/Discovery does it: SocketsHttpHandler, raw bytes for messages.</summary>
internal sealed class GrpcProbe : IDisposable
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(
        static (byte[] message, SerializationContext context) => context.Complete(message),
        static context => context.PayloadAsNewBuffer());

    private readonly GrpcChannel _channel;
    private readonly AsyncDuplexStreamingCall<byte[], byte[]> _call;

    private GrpcProbe(GrpcChannel channel, AsyncDuplexStreamingCall<byte[], byte[]> call) => (_channel, _call) = (channel, call);

    public static async Task<GrpcProbe> OpenAsync(Material material, int port)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
            SslOptions = new SslClientAuthenticationOptions
            {
                EnabledSslProtocols = SslProtocols.Tls13,
                ClientCertificates = [material.Client],
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
            },
        };
        var channel = GrpcChannel.ForAddress($"https://localhost:{port}", new GrpcChannelOptions { HttpHandler = handler });
        var method = new Method<byte[], byte[]>(
            MethodType.DuplexStreaming, "envoy.service.discovery.v3.AggregatedDiscoveryService", "DeltaAggregatedResources", Bytes, Bytes);
        var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(method, null, new CallOptions());
        await call.RequestStream.WriteAsync([]);
        if (!await call.ResponseStream.MoveNext()) throw new IOException("no answer");
        return new GrpcProbe(channel, call);
    }

    public void Dispose()
    {
        _call.Dispose();
        _channel.Dispose();
    }
}
