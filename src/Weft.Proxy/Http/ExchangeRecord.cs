using Weft.Http;
using Weft.Http.Http1;
using Weft.Native.Linux;
using Weft.Native.OpenSsl;
using Weft.Policy;
using Weft.Proxy.Metrics;
using Weft.Proxy.Respond;
using Weft.Proxy.Workers;
using Weft.Reactor;
using Weft.Telemetry;

namespace Weft.Proxy.Http;

/// <summary>The facts of one exchange, as the access log, the metrics and the decision ring want them. A field of the exchange.</summary>
internal struct ExchangeRecord
{
    public long StartMicroseconds;
    public KnownMethod Method;
    public HttpVersion Version;
    public bool KeepAlive;
    public bool ExpectsContinue;
    public bool AcceptsTrailers;
    public bool IsGrpc;
    public bool IncludesAttemptsInResponse;
    public int Status;
    public ResponseFlags Flags;
    public DetailsOf Details;
    public LocalReply Reply;
    public Http1Fault Fault;
    public Http1Fault UpstreamFault;
    public uint Attempts;
    public uint EndpointSequence;
    public long BytesReceived;
    public long BytesSent;
    public int RequestHeadBytes;
    public int ResponseHeadBytes;

    /// <summary>From the request's head to the answer's; -1: no answer began.</summary>
    public long ServiceMicroseconds;
    public ExchangeText.Slice MethodText;
    public ExchangeText.Slice Path;
    public ExchangeText.Slice Query;
    public ExchangeText.Slice Authority;
    public ExchangeText.Slice UserAgent;
    public ExchangeText.Slice RequestId;
    public ExchangeText.Slice ForwardedFor;
    public ExchangeText.Slice RouteName;
    public ExchangeText.Slice Origin;
    public ExchangeText.Slice Location;
    public IpPort UpstreamHost;
    public IpEndpoint UpstreamLocal;
    public PeerName? UpstreamPeer;
    public CloseReason TransportFailure;
    public TlsFailureKind TlsFailure;
    public long Revision;
    public string Digest;
    public byte[] Utf8Digest;

    public void Begin(Worker worker)
    {
        this = default;
        StartMicroseconds = worker.NowMicroseconds;
        ServiceMicroseconds = -1;
        Version = HttpVersion.Http11;
        Revision = worker.Snapshot.Revision;
        Digest = worker.Snapshot.Digest;
        Utf8Digest = worker.DigestUtf8;
    }

    public void NoteTransportFailure(in LinkFault fault)
    {
        TransportFailure = fault.Reason;
        TlsFailure = fault.Tls.Kind;
    }
}
