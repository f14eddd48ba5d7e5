using System.Runtime.InteropServices;
using Weft.Policy.Model;

namespace Weft.Policy.Blocks;

/// <summary>One route: match and which action.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct RouteRecord
{
    public Text Name;

    /// <summary>Prefix or path (lower-cased when not <see cref="CaseSensitive"/>), or the regular expression's text.</summary>
    public Text Path;
    public Embedded PathRegex;
    public PathMatchKind PathKind;
    public int CaseSensitive;
    public Run HeaderMatchers;
    public Run QueryMatchers;
    public RouteActionKind Action;

    /// <summary>Into the route actions, redirects or direct responses.</summary>
    public int ActionIndex;
    public Run RequestOps;
    public Run ResponseOps;
    public Text Operation;
    public Run Origins;
}
