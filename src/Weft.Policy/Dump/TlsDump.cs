using Weft.Policy.Blocks;

namespace Weft.Policy.Dump;

/// <summary>Transport sockets. Names of secrets only; a block holds no key.</summary>
internal static class TlsDump
{
    public static void Downstream(DumpWriter writer, in DownstreamTlsRecord tls)
    {
        Open(writer, "envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext");
        Common(writer, tls.AlpnProtocols, tls.CertificateSecret, tls.ValidationSecret, tls.SubjectAltNames);
        writer.Flag("require_client_certificate", tls.RequireClientCertificate == 1);
        Close(writer);
    }

    public static void Upstream(DumpWriter writer, in UpstreamTlsRecord tls)
    {
        Open(writer, "envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext");
        Common(writer, tls.AlpnProtocols, tls.CertificateSecret, tls.ValidationSecret, tls.SubjectAltNames);
        writer.Text("sni", tls.Sni);
        Close(writer);
    }

    public static void RawBuffer(DumpWriter writer)
    {
        writer.Json.WriteStartObject("transport_socket");
        writer.Json.WriteString("name", "envoy.transport_sockets.raw_buffer");
        writer.Json.WriteStartObject("typed_config");
        writer.Type("envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer");
        Close(writer);
    }

    private static void Open(DumpWriter writer, string type)
    {
        writer.Json.WriteStartObject("transport_socket");
        writer.Json.WriteString("name", "envoy.transport_sockets.tls");
        writer.Json.WriteStartObject("typed_config");
        writer.Type(type);
    }

    private static void Common(DumpWriter writer, Run alpn, NameRef certificate, NameRef validation, Run names)
    {
        writer.Json.WriteStartObject("common_tls_context");
        writer.Texts("alpn_protocols", alpn);
        writer.Secret("tls_certificate_sds_secret_configs", certificate, isArray: true);
        if (!validation.IsEmpty || !names.IsEmpty)
        {
            writer.Json.WriteStartObject("combined_validation_context");
            writer.Json.WriteStartObject("default_validation_context");
            MatcherDump.Strings(writer, "match_subject_alt_names", names);
            writer.Json.WriteEndObject();
            writer.Secret("validation_context_sds_secret_config", validation, isArray: false);
            writer.Json.WriteEndObject();
        }

        writer.Json.WriteEndObject();
    }

    private static void Close(DumpWriter writer)
    {
        writer.Json.WriteEndObject();
        writer.Json.WriteEndObject();
    }
}
