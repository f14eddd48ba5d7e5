namespace Weft.Policy.Model;

/// <summary>RedirectAction as written.</summary>
public sealed class RedirectConfig
{
    public bool HttpsRedirect { get; set; }

    public string SchemeRedirect { get; set; } = "";

    public string HostRedirect { get; set; } = "";

    /// <summary>0 is unset.</summary>
    public int PortRedirect { get; set; }

    public string PathRedirect { get; set; } = "";

    public string PrefixRewrite { get; set; } = "";

    public RegexRewriteConfig? RegexRewrite { get; set; }

    /// <summary>301, 302, 303, 307 or 308.</summary>
    public int ResponseCode { get; set; } = 301;

    public bool StripQuery { get; set; }
}
