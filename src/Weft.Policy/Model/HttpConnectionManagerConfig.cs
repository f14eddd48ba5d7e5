using System.Collections.Generic;

namespace Weft.Policy.Model;

/// <summary>HttpConnectionManager as written; the http_filters known so far end in the router and need no fields.</summary>
public sealed class HttpConnectionManagerConfig
{
    public string StatPrefix { get; set; } = "";

    public CodecType Codec { get; set; }

    /// <summary>rds.route_config_name; empty when <see cref="InlineRoutes"/> is set.</summary>
    public string RouteConfigName { get; set; } = "";

    public RouteTableConfig? InlineRoutes { get; set; }

    public bool NormalizePath { get; set; } = true;

    public bool MergeSlashes { get; set; }

    public EscapedSlashesAction EscapedSlashes { get; set; } = EscapedSlashesAction.KeepUnchanged;

    public bool UseRemoteAddress { get; set; }

    public uint XffNumTrustedHops { get; set; }

    public bool SkipXffAppend { get; set; }

    public bool AppendXForwardedPort { get; set; }

    public ForwardClientCertMode ForwardClientCert { get; set; }

    public ClientCertDetails SetCurrentClientCert { get; set; }

    /// <summary>Empty means "weft".</summary>
    public string ServerName { get; set; } = "";

    public ServerHeaderMode ServerHeader { get; set; }

    /// <summary>common_http_protocol_options.idle_timeout (1 h when unset).</summary>
    public TimeLimit IdleTimeout { get; set; }

    public TimeLimit MaxConnectionDuration { get; set; }

    public TimeLimit MaxStreamDuration { get; set; }

    public TimeLimit StreamIdleTimeout { get; set; }

    public TimeLimit RequestTimeout { get; set; }

    public TimeLimit RequestHeadersTimeout { get; set; }

    public TimeLimit DrainTimeout { get; set; }

    public TimeLimit DelayedCloseTimeout { get; set; }

    /// <summary>0 is unset (60).</summary>
    public uint MaxRequestHeadersKb { get; set; }

    /// <summary>0 is unset (100).</summary>
    public uint MaxHeadersCount { get; set; }

    public UnderscoresAction Underscores { get; set; }

    /// <summary>common_http_protocol_options.max_requests_per_connection; 0 is no limit.</summary>
    public uint MaxRequestsPerConnection { get; set; }

    public bool AcceptHttp10 { get; set; }

    public bool PreserveHeaderCase { get; set; } = true;

    public bool Proxy100Continue { get; set; }

    public bool GenerateRequestId { get; set; } = true;

    public bool PreserveExternalRequestId { get; set; }

    public bool AlwaysSetRequestIdInResponse { get; set; }

    public bool StripAnyHostPort { get; set; }

    public bool StripTrailingHostDot { get; set; }

    /// <summary>upgrade_configs.upgrade_type, for example <c>websocket</c>.</summary>
    public List<string> UpgradeTypes { get; } = [];
}
