using System;
using System.Collections.Generic;
using Weft.Policy.Model;

namespace Weft.Policy;

/// <summary>The words of <c>retry_on</c>.</summary>
public static class RetryOnNames
{
    private static readonly (string Word, RetryOn Flag)[] Words =
    [
        ("5xx", RetryOn.ServerError),
        ("gateway-error", RetryOn.GatewayError),
        ("reset", RetryOn.Reset),
        ("reset-before-request", RetryOn.ResetBeforeRequest),
        ("connect-failure", RetryOn.ConnectFailure),
        ("refused-stream", RetryOn.RefusedStream),
        ("retriable-4xx", RetryOn.Retriable4xx),
        ("retriable-status-codes", RetryOn.RetriableStatusCodes),
        ("retriable-headers", RetryOn.RetriableHeaders),
        ("envoy-ratelimited", RetryOn.EnvoyRateLimited),
        ("http3-post-connect-failure", RetryOn.Http3PostConnectFailure),
        ("cancelled", RetryOn.GrpcCancelled),
        ("deadline-exceeded", RetryOn.GrpcDeadlineExceeded),
        ("internal", RetryOn.GrpcInternal),
        ("resource-exhausted", RetryOn.GrpcResourceExhausted),
        ("unavailable", RetryOn.GrpcUnavailable),
    ];

    /// <summary>Reads a comma-separated list. False with the first unknown word; the known ones are in <paramref name="flags"/> either way.</summary>
    public static bool TryParse(string words, out RetryOn flags, out string unknown)
    {
        flags = RetryOn.None;
        unknown = "";
        foreach (string part in words.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            RetryOn flag = Array.Find(Words, w => w.Word == part).Flag;
            if (flag == RetryOn.None && unknown.Length == 0)
                unknown = part;
            flags |= flag;
        }

        return unknown.Length == 0;
    }

    public static string Join(RetryOn flags)
    {
        var words = new List<string>();
        foreach ((string word, RetryOn flag) in Words)
        {
            if ((flags & flag) != 0)
                words.Add(word);
        }

        return string.Join(',', words);
    }
}
