using System;

namespace Weft.Policy.Blocks;

/// <summary>Booleans of an HTTP connection manager.</summary>
[Flags]
public enum HttpManagerFlags
{
    None = 0,
    NormalizePath = 1 << 0,
    MergeSlashes = 1 << 1,
    UseRemoteAddress = 1 << 2,
    SkipXffAppend = 1 << 3,
    AppendXForwardedPort = 1 << 4,
    AcceptHttp10 = 1 << 5,
    PreserveHeaderCase = 1 << 6,
    Proxy100Continue = 1 << 7,
    GenerateRequestId = 1 << 8,
    PreserveExternalRequestId = 1 << 9,
    AlwaysSetRequestIdInResponse = 1 << 10,
    StripAnyHostPort = 1 << 11,
    StripTrailingHostDot = 1 << 12,
}
