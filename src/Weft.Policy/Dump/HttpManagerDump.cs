using Weft.Policy.Blocks;
using Weft.Policy.Model;

namespace Weft.Policy.Dump;

/// <summary>An HTTP connection manager as a network filter.</summary>
internal static class HttpManagerDump
{
    public static void Write(DumpWriter writer, ListenerView listener, in HttpManagerRecord http)
    {
        writer.Json.WriteStartObject();
        writer.Json.WriteString("name", "envoy.filters.network.http_connection_manager");
        writer.Json.WriteStartObject("typed_config");
        writer.Type("envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager");
        writer.Json.WriteString("codec_type", DumpNames.Upper(http.Codec.ToString()));
        writer.Text("stat_prefix", http.StatPrefix);
        Routes(writer, listener, http);
        writer.Json.WriteStartArray("http_filters");
        writer.Json.WriteStartObject();
        writer.Json.WriteString("name", "envoy.filters.http.router");
        writer.Json.WriteStartObject("typed_config");
        writer.Type("envoy.extensions.filters.http.router.v3.Router");
        writer.Json.WriteEndObject();
        writer.Json.WriteEndObject();
        writer.Json.WriteEndArray();
        Options(writer, http);
        writer.Json.WriteEndObject();
        writer.Json.WriteEndObject();
    }

    private static void Routes(DumpWriter writer, ListenerView listener, in HttpManagerRecord http)
    {
        RouteTableView inline = listener.InlineRoutes(http);
        if (!inline.IsEmpty)
        {
            writer.Json.WritePropertyName("route_config");
            RouteDump.WriteInline(writer.Json, inline);
            return;
        }

        writer.Json.WriteStartObject("rds");
        writer.Text("route_config_name", http.RouteConfig);
        writer.Json.WriteEndObject();
    }

    private static void Options(DumpWriter writer, in HttpManagerRecord http)
    {
        writer.Json.WriteBoolean("normalize_path", http.Has(HttpManagerFlags.NormalizePath));
        writer.Flag("merge_slashes", http.Has(HttpManagerFlags.MergeSlashes));
        writer.Json.WriteString("path_with_escaped_slashes_action", DumpNames.Upper(http.EscapedSlashes.ToString()));
        writer.Json.WriteBoolean("use_remote_address", http.Has(HttpManagerFlags.UseRemoteAddress));
        writer.Number("xff_num_trusted_hops", http.XffNumTrustedHops);
        writer.Flag("skip_xff_append", http.Has(HttpManagerFlags.SkipXffAppend));
        writer.Flag("append_x_forwarded_port", http.Has(HttpManagerFlags.AppendXForwardedPort));
        if (!http.Has(HttpManagerFlags.GenerateRequestId))
            writer.Json.WriteBoolean("generate_request_id", false);
        writer.Flag("preserve_external_request_id", http.Has(HttpManagerFlags.PreserveExternalRequestId));
        writer.Flag("always_set_request_id_in_response", http.Has(HttpManagerFlags.AlwaysSetRequestIdInResponse));
        writer.Flag("proxy_100_continue", http.Has(HttpManagerFlags.Proxy100Continue));
        writer.Flag("strip_any_host_port", http.Has(HttpManagerFlags.StripAnyHostPort));
        writer.Flag("strip_trailing_host_dot", http.Has(HttpManagerFlags.StripTrailingHostDot));
        writer.Text("server_name", http.ServerName);
        if (http.ServerHeader != ServerHeaderMode.Overwrite)
            writer.Json.WriteString("server_header_transformation", DumpNames.Upper(http.ServerHeader.ToString()));
        ClientCertificate(writer, http);
        Limits(writer, http);
        if (http.UpgradeTypes.IsEmpty)
            return;
        writer.Json.WriteStartArray("upgrade_configs");
        foreach (Text type in writer.Block.Texts(http.UpgradeTypes))
        {
            writer.Json.WriteStartObject();
            writer.Text("upgrade_type", type);
            writer.Json.WriteEndObject();
        }

        writer.Json.WriteEndArray();
    }

    private static void ClientCertificate(DumpWriter writer, in HttpManagerRecord http)
    {
        if (http.ForwardClientCert == ForwardClientCertMode.Sanitize)
            return;
        writer.Json.WriteString("forward_client_cert_details", DumpNames.Upper(http.ForwardClientCert.ToString()));
        writer.Json.WriteStartObject("set_current_client_cert_details");
        writer.Flag("subject", (http.SetCurrentClientCert & ClientCertDetails.Subject) != 0);
        writer.Flag("cert", (http.SetCurrentClientCert & ClientCertDetails.Cert) != 0);
        writer.Flag("chain", (http.SetCurrentClientCert & ClientCertDetails.Chain) != 0);
        writer.Flag("dns", (http.SetCurrentClientCert & ClientCertDetails.Dns) != 0);
        writer.Flag("uri", (http.SetCurrentClientCert & ClientCertDetails.Uri) != 0);
        writer.Json.WriteEndObject();
    }

    private static void Limits(DumpWriter writer, in HttpManagerRecord http)
    {
        writer.Number("max_request_headers_kb", http.MaxRequestHeadersKb);
        writer.Duration("stream_idle_timeout", http.StreamIdleTimeout);
        writer.Duration("request_timeout", http.RequestTimeout);
        writer.Duration("request_headers_timeout", http.RequestHeadersTimeout);
        writer.Duration("drain_timeout", http.DrainTimeout);
        writer.Duration("delayed_close_timeout", http.DelayedCloseTimeout);
        writer.Json.WriteStartObject("common_http_protocol_options");
        writer.Duration("idle_timeout", http.IdleTimeout);
        writer.Duration("max_connection_duration", http.MaxConnectionDuration);
        writer.Duration("max_stream_duration", http.MaxStreamDuration);
        writer.Number("max_headers_count", http.MaxHeadersCount);
        writer.Number("max_requests_per_connection", http.MaxRequestsPerConnection);
        if (http.Underscores != UnderscoresAction.Allow)
            writer.Json.WriteString("headers_with_underscores_action", DumpNames.Upper(http.Underscores.ToString()));
        writer.Json.WriteEndObject();
        if (!http.Has(HttpManagerFlags.AcceptHttp10))
            return;
        writer.Json.WriteStartObject("http_protocol_options");
        writer.Json.WriteBoolean("accept_http_10", true);
        writer.Json.WriteEndObject();
    }
}
