using System;
using Weft.Policy.Model;
using Weft.Xds.Wire;
using Fields = Weft.Xds.Proto.Extensions.Filters.Network.HttpConnectionManager.V3.HttpConnectionManager;
using Options = Weft.Xds.Proto.Config.Core.V3.HttpProtocolOptions;

namespace Weft.Xds.Reading;

/// <summary>HttpConnectionManager.</summary>
internal static class HttpConnectionManagerReader
{
    public static HttpConnectionManagerConfig Read(ReadOnlySpan<byte> bytes, WalkReport report)
    {
        // Envoy's defaults for what a message leaves out, where the model's differ.
        var http = new HttpConnectionManagerConfig { NormalizePath = true, GenerateRequestId = true };
        var filters = 0;
        var hasRoutes = false;
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            switch (field.Number)
            {
                case Fields.RdsFieldNumber:
                    hasRoutes = true;
                    using (report.At("rds")) http.RouteConfigName = Rds(field.Bytes, report);
                    break;
                case Fields.RouteConfigFieldNumber:
                    hasRoutes = true;
                    using (report.At("route_config")) http.InlineRoutes = RouteTableReader.RouteConfiguration(field.Bytes, report);
                    break;
                case Fields.HttpFiltersFieldNumber:
                    using (report.At("http_filters", filters++)) HttpFilter(field.Bytes, report);
                    break;
                case Fields.CommonHttpProtocolOptionsFieldNumber:
                    using (report.At("common_http_protocol_options")) CommonOptions(field.Bytes, http, report);
                    break;
                case Fields.HttpProtocolOptionsFieldNumber:
                    using (report.At("http_protocol_options")) Http1Options(field.Bytes, http, report);
                    break;
                case Fields.UpgradeConfigsFieldNumber:
                    using (report.At("upgrade_configs", http.UpgradeTypes.Count)) Upgrade(field.Bytes, http, report);
                    break;
                case Fields.SetCurrentClientCertDetailsFieldNumber: http.SetCurrentClientCert = CertDetails(field.Bytes); break;
                default:
                    ReadScalar(field, http, report);
                    break;
            }
        }

        if (!hasRoutes) report.Add("", "needs rds or route_config");
        // One known filter, so the last is the router if there is any.
        if (filters == 0) report.Add("http_filters", "must end in the router");
        return http;
    }

    private static void ReadScalar(in WireField field, HttpConnectionManagerConfig http, WalkReport report)
    {
        switch (field.Number)
        {
            case Fields.CodecTypeFieldNumber: http.Codec = Codec(field, report); break;
            case Fields.StatPrefixFieldNumber: http.StatPrefix = field.Text; break;
            case Fields.ServerNameFieldNumber: http.ServerName = field.Text; break;
            case Fields.ServerHeaderTransformationFieldNumber:
                http.ServerHeader = (ServerHeaderMode)CommonReader.Enum(field, "server_header_transformation", 2, report);
                break;
            case Fields.ForwardClientCertDetailsFieldNumber:
                http.ForwardClientCert = (ForwardClientCertMode)CommonReader.Enum(field, "forward_client_cert_details", 4, report);
                break;
            case Fields.PathWithEscapedSlashesActionFieldNumber:
                http.EscapedSlashes = (EscapedSlashesAction)CommonReader.Enum(field, "path_with_escaped_slashes_action", 4, report);
                break;
            case Fields.NormalizePathFieldNumber: http.NormalizePath = CommonReader.WrappedBool(field); break;
            case Fields.MergeSlashesFieldNumber: http.MergeSlashes = field.Bool; break;
            case Fields.UseRemoteAddressFieldNumber: http.UseRemoteAddress = CommonReader.WrappedBool(field); break;
            case Fields.XffNumTrustedHopsFieldNumber: http.XffNumTrustedHops = field.UInt32; break;
            case Fields.SkipXffAppendFieldNumber: http.SkipXffAppend = field.Bool; break;
            case Fields.AppendXForwardedPortFieldNumber: http.AppendXForwardedPort = field.Bool; break;
            case Fields.Proxy100ContinueFieldNumber: http.Proxy100Continue = field.Bool; break;
            case Fields.GenerateRequestIdFieldNumber: http.GenerateRequestId = CommonReader.WrappedBool(field); break;
            case Fields.PreserveExternalRequestIdFieldNumber: http.PreserveExternalRequestId = field.Bool; break;
            case Fields.AlwaysSetRequestIdInResponseFieldNumber: http.AlwaysSetRequestIdInResponse = field.Bool; break;
            case Fields.StripAnyHostPortFieldNumber: http.StripAnyHostPort = field.Bool; break;
            case Fields.MaxRequestHeadersKbFieldNumber: http.MaxRequestHeadersKb = HeadersKb(CommonReader.Wrapped(field), report); break;
            default: ReadTimer(field, http, report); break;
        }
    }

    private static void ReadTimer(in WireField field, HttpConnectionManagerConfig http, WalkReport report)
    {
        switch (field.Number)
        {
            case Fields.StreamIdleTimeoutFieldNumber: http.StreamIdleTimeout = CommonReader.Duration(field, "stream_idle_timeout", report); break;
            case Fields.RequestTimeoutFieldNumber: http.RequestTimeout = CommonReader.Duration(field, "request_timeout", report); break;
            case Fields.RequestHeadersTimeoutFieldNumber: http.RequestHeadersTimeout = CommonReader.Duration(field, "request_headers_timeout", report); break;
            case Fields.DrainTimeoutFieldNumber: http.DrainTimeout = CommonReader.Duration(field, "drain_timeout", report); break;
            case Fields.DelayedCloseTimeoutFieldNumber: http.DelayedCloseTimeout = CommonReader.Duration(field, "delayed_close_timeout", report); break;
        }
    }

    /// <summary>AUTO=0, HTTP1=1; HTTP2 and HTTP3 are not spoken yet, so a listener that demands them is refused.</summary>
    private static CodecType Codec(in WireField field, WalkReport report)
    {
        var codec = (CodecType)CommonReader.Enum(field, "codec_type", 3, report);
        if (codec is CodecType.Http2 or CodecType.Http3) report.Add("codec_type", $"{codec} is not enforced by this proxy: AUTO or HTTP1");
        return codec;
    }

    private static uint HeadersKb(uint kilobytes, WalkReport report)
    {
        if (kilobytes is < 1 or > 8192) report.Add("max_request_headers_kb", "must be from 1 to 8192");
        return kilobytes;
    }

    private static string Rds(ReadOnlySpan<byte> bytes, WalkReport report)
    {
        var name = "";
        var hasSource = false;
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            if (field.Number == 2) name = field.Text;
            if (field.Number != 1) continue;
            hasSource = true;
            using (report.At("config_source")) CommonReader.ConfigSource(field, report);
        }

        if (!hasSource) report.Add("config_source", "is required");
        if (name.Length == 0) report.Add("route_config_name", "must not be empty");
        return name;
    }

    private static void HttpFilter(ReadOnlySpan<byte> bytes, WalkReport report)
    {
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            // The check pass lets only the router through.
            if (field.Number == 4) return;
        }

        report.Add("typed_config", "is required");
    }

    private static void CommonOptions(ReadOnlySpan<byte> bytes, HttpConnectionManagerConfig http, WalkReport report)
    {
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            switch (field.Number)
            {
                case Options.IdleTimeoutFieldNumber: http.IdleTimeout = CommonReader.Duration(field, "idle_timeout", report); break;
                case Options.MaxConnectionDurationFieldNumber: http.MaxConnectionDuration = CommonReader.Duration(field, "max_connection_duration", report); break;
                case Options.MaxStreamDurationFieldNumber: http.MaxStreamDuration = CommonReader.Duration(field, "max_stream_duration", report); break;
                case Options.MaxHeadersCountFieldNumber: http.MaxHeadersCount = CommonReader.Wrapped(field); break;
                case Options.MaxRequestsPerConnectionFieldNumber: http.MaxRequestsPerConnection = CommonReader.Wrapped(field); break;
                case Options.HeadersWithUnderscoresActionFieldNumber:
                    http.Underscores = (UnderscoresAction)CommonReader.Enum(field, "headers_with_underscores_action", 2, report);
                    break;
            }
        }
    }

    private static void Http1Options(ReadOnlySpan<byte> bytes, HttpConnectionManagerConfig http, WalkReport report)
    {
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            if (field.Number == 2) http.AcceptHttp10 = field.Bool;
            // allow_absolute_url: a proxy must take absolute-form (RFC 9112 3.2.2), so switching it off is not enforced.
            else if (field.Number == 1 && !CommonReader.WrappedBool(field)) report.Add("allow_absolute_url", "false is not enforced by this proxy");
        }
    }

    private static void Upgrade(ReadOnlySpan<byte> bytes, HttpConnectionManagerConfig http, WalkReport report)
    {
        var type = "";
        var isEnabled = true;
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            if (field.Number == 1) type = field.Text;
            else if (field.Number == 3) isEnabled = CommonReader.WrappedBool(field);
        }

        if (type.Length == 0) report.Add("upgrade_type", "must not be empty");
        else if (isEnabled) http.UpgradeTypes.Add(type);
    }

    private static ClientCertDetails CertDetails(ReadOnlySpan<byte> bytes)
    {
        var details = ClientCertDetails.None;
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            var flag = field.Number switch
            {
                Fields.Types.SetCurrentClientCertDetails.SubjectFieldNumber when CommonReader.WrappedBool(field) => ClientCertDetails.Subject,
                Fields.Types.SetCurrentClientCertDetails.CertFieldNumber when field.Bool => ClientCertDetails.Cert,
                Fields.Types.SetCurrentClientCertDetails.DnsFieldNumber when field.Bool => ClientCertDetails.Dns,
                Fields.Types.SetCurrentClientCertDetails.UriFieldNumber when field.Bool => ClientCertDetails.Uri,
                Fields.Types.SetCurrentClientCertDetails.ChainFieldNumber when field.Bool => ClientCertDetails.Chain,
                _ => ClientCertDetails.None,
            };
            details |= flag;
        }

        return details;
    }
}
