using System.Linq;
using Weft.Control.Derivation;
using Weft.Xds;

namespace Weft.Control.Tests;

/// <summary>What weft-proxy's own reader says to resources: nothing it is sent may be refused.</summary>
internal static class Enforced
{
    public static void ByTheProxy(ProxySnapshot snapshot)
    {
        string[] problems =
        [
            .. snapshot.Groups.SelectMany(g => g.Resources).SelectMany(r => ResourceDecoder.Decode(r.TypeUrl, r.Name, r.Any.Value.Span).ProblemLines()),
        ];
        Assert.True(problems.Length == 0, string.Join("\n", problems));
    }
}
