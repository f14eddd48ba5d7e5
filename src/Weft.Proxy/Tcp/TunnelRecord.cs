using Weft.Native.Linux;
using Weft.Native.OpenSsl;
using Weft.Policy;
using Weft.Proxy.Metrics;
using Weft.Reactor;
using Weft.Telemetry;

namespace Weft.Proxy.Tcp;

/// <summary>The facts of one tunnel, as the access log and the metrics want them.</summary>
internal struct TunnelRecord
{
    public long StartMicroseconds;
    public long BytesReceived;
    public long BytesSent;
    public ResponseFlags Flags;
    public TunnelEnd End;
    public IpPort UpstreamHost;
    public IpEndpoint UpstreamLocal;
    public IpEndpoint Remote;
    public PeerName? Source;
    public PeerName? UpstreamPeer;
    public CloseReason TransportFailure;
    public TlsFailureKind TlsFailure;
    public byte[] Utf8Digest;
}
