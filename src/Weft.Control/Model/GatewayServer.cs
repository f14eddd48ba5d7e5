using System.Collections.Immutable;

namespace Weft.Control.Model;

/// <summary>One HTTP server of a gateway.</summary>
/// <param name="Port">As written in the Gateway: a service port of the gateway's Service.</param>
/// <param name="Hosts">Host names with the namespaces whose rules may bind.</param>
/// <param name="Origin">The server's field.</param>
public sealed record GatewayServer(int Port, ImmutableArray<GatewayHost> Hosts, Origin Origin);
