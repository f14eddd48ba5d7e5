using System.Collections.Generic;

namespace Weft.Policy.Model;

/// <summary>Cluster.transport_socket_matches entry. <see cref="Tls"/> null is raw_buffer.</summary>
public sealed class TransportSocketMatchConfig
{
    public string Name { get; set; } = "";

    /// <summary>All must equal the endpoint's; empty matches every endpoint. Usually <c>tlsMode: istio</c>.</summary>
    public List<KeyValuePair<string, string>> Criteria { get; } = [];

    public UpstreamTlsConfig? Tls { get; set; }
}
