using System;
using Weft.Policy.Model;
using Weft.Xds.Wire;
using Common = Weft.Xds.Proto.Config.Core.V3.HttpProtocolOptions;
using Fields = Weft.Xds.Proto.Extensions.Upstreams.Http.V3.HttpProtocolOptions;

namespace Weft.Xds.Reading;

/// <summary>upstreams.http.v3.HttpProtocolOptions of a cluster.</summary>
internal static class UpstreamHttpReader
{
    public static void Read(ReadOnlySpan<byte> bytes, ClusterConfig cluster, WalkReport report)
    {
        var hasProtocol = false;
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            switch (field.Number)
            {
                case Fields.CommonHttpProtocolOptionsFieldNumber:
                    using (report.At("common_http_protocol_options")) CommonOptions(field.Bytes, cluster, report);
                    break;
                case Fields.ExplicitHttpConfigFieldNumber:
                    hasProtocol = true;
                    using (report.At("explicit_http_config")) cluster.HttpProtocol = Explicit(field.Bytes, report);
                    break;
                case Fields.UseDownstreamProtocolConfigFieldNumber:
                    (cluster.HttpProtocol, hasProtocol) = (UpstreamHttpProtocol.UseDownstream, true);
                    break;
            }
        }

        if (!hasProtocol) report.Add("", "needs explicit_http_config or use_downstream_protocol_config");
    }

    private static UpstreamHttpProtocol Explicit(ReadOnlySpan<byte> bytes, WalkReport report)
    {
        var protocol = UpstreamHttpProtocol.Http1;
        var hasProtocol = false;
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            hasProtocol = true;
            if (field.Number != 2) continue;
            protocol = UpstreamHttpProtocol.Http2;
            report.Add("http2_protocol_options", "HTTP/2 is not enforced by this proxy yet");
        }

        if (!hasProtocol) report.Add("", "needs http_protocol_options");
        return protocol;
    }

    private static void CommonOptions(ReadOnlySpan<byte> bytes, ClusterConfig cluster, WalkReport report)
    {
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            switch (field.Number)
            {
                case Common.IdleTimeoutFieldNumber: cluster.IdleTimeout = CommonReader.Duration(field, "idle_timeout", report); break;
                case Common.MaxConnectionDurationFieldNumber: cluster.MaxConnectionDuration = CommonReader.Duration(field, "max_connection_duration", report); break;
                case Common.MaxRequestsPerConnectionFieldNumber: cluster.MaxRequestsPerConnection = CommonReader.Wrapped(field); break;
                case Common.MaxStreamDurationFieldNumber: report.Add("max_stream_duration", "of a cluster is not enforced by this proxy"); break;
                case Common.MaxHeadersCountFieldNumber: report.Add("max_headers_count", "of a cluster is not enforced by this proxy"); break;
                case Common.HeadersWithUnderscoresActionFieldNumber when field.Scalar != 0:
                    report.Add("headers_with_underscores_action", "of a cluster is not enforced by this proxy");
                    break;
            }
        }
    }
}
