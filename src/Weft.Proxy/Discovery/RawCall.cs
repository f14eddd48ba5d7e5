using Grpc.Core;
using Weft.Xds.Ca;

namespace Weft.Proxy.Discovery;

/// <summary>The two methods that we call, with bytes for messages: nothing is parsed into objects, and nothing needs reflection.</summary>
internal static class RawCall
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(
        static (byte[] message, SerializationContext context) => context.Complete(message),
        static context => context.PayloadAsNewBuffer());

    public static Method<byte[], byte[]> DeltaAggregatedResources { get; } = new(
        MethodType.DuplexStreaming, "envoy.service.discovery.v3.AggregatedDiscoveryService", "DeltaAggregatedResources", Bytes, Bytes);

    public static Method<byte[], byte[]> CreateCertificate { get; } = new(
        MethodType.Unary, CertificateMessages.Service, CertificateMessages.CreateCertificate, Bytes, Bytes);
}
