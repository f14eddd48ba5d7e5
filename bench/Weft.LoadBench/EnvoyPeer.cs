using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;

namespace Weft.LoadBench;

/// <summary>Envoy from the shared peers folder, one worker, its default statistics. Absent in users' checkouts: the column is left out.</summary>
internal static class EnvoyPeer
{
    public static string? Find(string root)
    {
        string path = Path.GetFullPath(Path.Combine(root, "..", "shared", "peers", "envoy"));
        return File.Exists(path) ? path : null;
    }

    public static IReadOnlyList<Measured> Start(string envoy, string folder, Ports ports) =>
    [
        Start(envoy, folder, "envoy-front", ports.Admin,
            [Listener("plain", ports.Plain, "plain", null), Listener("mtls", ports.Mtls, "mtls", null), Listener("pair", ports.Pair, "pair", null)],
            [Cluster("plain", Ports.BackendPlain, false, folder), Cluster("mtls", Ports.BackendTls, true, folder), Cluster("pair", ports.PairBack, true, folder)]),
        Start(envoy, folder, "envoy-back", ports.AdminBack, [Listener("inbound", ports.PairBack, "plain", folder)], [Cluster("plain", Ports.BackendPlain, false, folder)]),
    ];

    private static Measured Start(string envoy, string folder, string name, int admin, string[] listeners, string[] clusters)
    {
        string file = Path.Combine(folder, name + ".yaml");
        File.WriteAllText(file, Fill(
            """
            admin: {address: {socket_address: {address: 127.0.0.1, port_value: PORT}}}
            static_resources: {listeners: [LISTENERS], clusters: [CLUSTERS]}
            """,
            ("PORT", $"{admin}"), ("LISTENERS", string.Join(",\n", listeners)), ("CLUSTERS", string.Join(",\n", clusters))));
        return new(name, Process.Start("taskset", ["-c", "1", envoy, "-c", file, "--concurrency", "1", "--disable-hot-restart", "-l", "warn"]));
    }

    private static string Listener(string name, int port, string cluster, string? tlsFolder) => Fill(
        """
        {name: NAME, address: {socket_address: {address: 127.0.0.1, port_value: PORT}}, filter_chains: [{TLS filters: [{name: hcm, typed_config:
          {"@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager, stat_prefix: NAME,
           route_config: {name: NAME, virtual_hosts: [{name: all, domains: ["*"], routes: [{match: {prefix: /}, route: {cluster: CLUSTER}}]}]},
           http_filters: [{name: router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}]}}]}]}
        """,
        ("TLS", tlsFolder is null ? "" : Socket("DownstreamTlsContext, require_client_certificate: true", tlsFolder)),
        ("NAME", name), ("PORT", $"{port}"), ("CLUSTER", cluster));

    private static string Cluster(string name, int port, bool tls, string folder) => Fill(
        """
        {name: NAME, connect_timeout: 5s, type: STATIC, TLS load_assignment: {cluster_name: NAME, endpoints: [{lb_endpoints:
          [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: PORT}}}}]}]}}
        """,
        ("TLS", tls ? Socket("UpstreamTlsContext, sni: bench", folder) : ""), ("NAME", name), ("PORT", $"{port}"));

    private static string Socket(string context, string folder) => Fill(
        """
        transport_socket: {name: envoy.transport_sockets.tls, typed_config: {"@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.CONTEXT,
          common_tls_context: {tls_params: {tls_minimum_protocol_version: TLSv1_3, tls_maximum_protocol_version: TLSv1_3}, tls_certificates: [{certificate_chain: {filename: FOLDER/cert.pem}, private_key: {filename: FOLDER/key.pem}}],
            validation_context: {trusted_ca: {filename: FOLDER/ca.pem}, match_typed_subject_alt_names: [{san_type: URI, matcher: {prefix: "spiffe://cluster.local/"}}]}}}},
        """,
        ("CONTEXT", context), ("FOLDER", folder));

    private static string Fill(string template, params (string Word, string Value)[] values) =>
        values.Aggregate(template, (text, value) => text.Replace(value.Word, value.Value, StringComparison.Ordinal));
}
