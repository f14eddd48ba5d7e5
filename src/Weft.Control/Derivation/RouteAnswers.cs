using Google.Protobuf;
using Weft.Xds.Proto.Config.Core.V3;
using RedirectCode = Weft.Xds.Proto.Config.Route.V3.RedirectAction.Types.RedirectResponseCode;

namespace Weft.Control.Derivation;

/// <summary>Rules that answer by themselves: redirects and direct responses. Pure.</summary>
internal static class RouteAnswers
{
    public static Xds.Proto.Config.Route.V3.RedirectAction Of(Model.RedirectAction redirect)
    {
        var action = new Xds.Proto.Config.Route.V3.RedirectAction
        {
            HostRedirect = redirect.Authority,
            ResponseCode = redirect.Code switch
            {
                302 => RedirectCode.Found,
                303 => RedirectCode.SeeOther,
                307 => RedirectCode.TemporaryRedirect,
                308 => RedirectCode.PermanentRedirect,
                _ => RedirectCode.MovedPermanently,
            },
        };
        if (redirect.Path.Length > 0)
        {
            action.PathRedirect = redirect.Path;
        }
        else if (redirect.PrefixRewrite.Length > 0)
        {
            action.PrefixRewrite = redirect.PrefixRewrite;
        }

        if (redirect.Scheme.Length > 0)
        {
            action.SchemeRedirect = redirect.Scheme;
        }

        int port = redirect.PortFromScheme ? DefaultPort(redirect.Scheme) : redirect.Port;
        if (port > 0 && port != DefaultPort(redirect.Scheme.Length > 0 ? redirect.Scheme : "http"))
        {
            action.PortRedirect = (uint)port;
        }

        return action;
    }

    private static int DefaultPort(string scheme) => scheme switch { "https" => 443, "http" => 80, _ => 0 };

    public static Xds.Proto.Config.Route.V3.DirectResponseAction Of(Model.DirectResponseAction direct)
    {
        var action = new Xds.Proto.Config.Route.V3.DirectResponseAction { Status = (uint)direct.Status };
        if (direct.Text is { } text)
        {
            action.Body = new DataSource { InlineString = text };
        }
        else if (!direct.Bytes.IsEmpty)
        {
            action.Body = new DataSource { InlineBytes = ByteString.CopyFrom(direct.Bytes.Span) };
        }

        return action;
    }
}
