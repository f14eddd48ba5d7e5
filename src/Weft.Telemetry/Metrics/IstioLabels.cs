namespace Weft.Telemetry.Metrics;

/// <summary>
/// Values of the labels of Istio's standard metrics; what is not known reads <c>unknown</c> (reference istio.md §7). Made when a series is
/// seen first, never for each request.
/// </summary>
public sealed record IstioLabels
{
    public const string Unknown = "unknown";

    /// <summary><c>source</c> on the client's proxy and on gateways, <c>destination</c> on the server's.</summary>
    public string Reporter { get; init; } = Unknown;

    public IstioPeerLabels Source { get; init; } = IstioPeerLabels.UnknownPeer;

    public IstioPeerLabels Destination { get; init; } = IstioPeerLabels.UnknownPeer;

    /// <summary>The service's full name; <c>PassthroughCluster</c> and its kin leave it unknown on the server's side, so that a Host header cannot make series.</summary>
    public string DestinationService { get; init; } = Unknown;

    public string DestinationServiceName { get; init; } = Unknown;

    public string DestinationServiceNamespace { get; init; } = Unknown;

    /// <summary><c>http</c>, <c>grpc</c> or <c>tcp</c>.</summary>
    public string RequestProtocol { get; init; } = Unknown;

    /// <summary><c>0</c> when the client went away. Not for TCP.</summary>
    public string ResponseCode { get; init; } = "0";

    public string GrpcResponseStatus { get; init; } = "";

    /// <summary><c>-</c> when there are none.</summary>
    public string ResponseFlags { get; init; } = "-";

    /// <summary><c>mutual_tls</c> or <c>none</c> where the reporter is the destination; unknown otherwise.</summary>
    public string ConnectionSecurityPolicy { get; init; } = Unknown;
}
