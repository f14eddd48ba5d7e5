using System.Runtime.InteropServices;
using Weft.Policy.Model;

namespace Weft.Policy.Blocks;

/// <summary>HttpConnectionManager.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct HttpManagerRecord
{
    public Text StatPrefix;

    /// <summary>Empty when <see cref="InlineRoutes"/> is set.</summary>
    public NameRef RouteConfig;

    /// <summary>A whole RouteTable block.</summary>
    public Embedded InlineRoutes;
    public Text ServerName;
    public Run UpgradeTypes;
    public HttpManagerFlags Flags;
    public CodecType Codec;
    public EscapedSlashesAction EscapedSlashes;
    public ForwardClientCertMode ForwardClientCert;
    public ClientCertDetails SetCurrentClientCert;
    public ServerHeaderMode ServerHeader;
    public UnderscoresAction Underscores;
    public uint XffNumTrustedHops;
    public uint MaxRequestHeadersKb;
    public uint MaxHeadersCount;
    public uint MaxRequestsPerConnection;
    public uint Reserved;
    public TimeLimit IdleTimeout;
    public TimeLimit MaxConnectionDuration;
    public TimeLimit MaxStreamDuration;
    public TimeLimit StreamIdleTimeout;
    public TimeLimit RequestTimeout;
    public TimeLimit RequestHeadersTimeout;
    public TimeLimit DrainTimeout;
    public TimeLimit DelayedCloseTimeout;

    public readonly bool Has(HttpManagerFlags flag) => (Flags & flag) != 0;
}
