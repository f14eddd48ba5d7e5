using Weft.Config;

namespace Weft.Control.Derivation;

internal static class WireProtocols
{
    /// <summary>A proxy without HTTP/2 takes a port that declares it as opaque TCP, over mutual TLS like any other (reported once by <see cref="ModelReports"/>).</summary>
    public static WireProtocol Of(PortProtocol declared, Dialect dialect)
    {
        if (declared == PortProtocol.Udp)
        {
            return WireProtocol.None;
        }

        if (declared.IsUnsupported())
        {
            return WireProtocol.Auto;
        }

        if (declared.IsHttp2())
        {
            return dialect == Dialect.Weft ? WireProtocol.Tcp : WireProtocol.Http2;
        }

        return declared.IsHttp() ? WireProtocol.Http1 : WireProtocol.Tcp;
    }

    public static bool IsHttp(this WireProtocol protocol) => protocol is WireProtocol.Http1 or WireProtocol.Http2;
}
