using System.Collections.Generic;

namespace Weft.Fuzz;

/// <summary>All targets by the name of their corpus folder.</summary>
public static class FuzzTargets
{
    public static IReadOnlyDictionary<string, FuzzTarget> All { get; } = new Dictionary<string, FuzzTarget>
    {
        ["http1-request"] = Http1Targets.Request,
        ["http1-response"] = Http1Targets.Response,
        ["http1-chunked"] = Http1Targets.Chunked,
        ["client-hello"] = SniffTargets.Hello,
        ["protocol"] = SniffTargets.Protocol,
        ["canonical-path"] = CanonicalTargets.Path,
        ["canonical-authority"] = CanonicalTargets.Authority,
    };
}
