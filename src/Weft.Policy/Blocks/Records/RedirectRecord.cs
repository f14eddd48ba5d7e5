using System.Runtime.InteropServices;

namespace Weft.Policy.Blocks;

/// <summary>RedirectAction.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct RedirectRecord
{
    public Text Scheme;
    public Text Host;
    public Text Path;
    public Text PrefixRewrite;
    public Embedded RegexRewrite;
    public Text RegexRewritePattern;
    public Text RegexRewriteSubstitution;
    public int Port;
    public int ResponseCode;
    public int StripQuery;
    public int HttpsRedirect;
}
