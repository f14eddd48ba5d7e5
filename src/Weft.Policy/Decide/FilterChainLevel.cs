namespace Weft.Policy.Decide;

/// <summary>Envoy's fixed order in which a filter chain match is read (xds.md A.1).</summary>
internal enum FilterChainLevel
{
    DestinationPort,
    DestinationAddress,
    ServerName,
    TransportProtocol,
    ApplicationProtocol,
    DirectSourceAddress,
    SourceType,
    SourceAddress,
    SourcePort,
}
