#pragma warning disable CA1822
using System;
using System.Collections.Generic;
using System.Threading;

namespace Weft.Store;

/// <summary>
/// The Kubernetes list/watch protocol over a store, without a transport: a request line and body in, an answer out. The HTTP server around it only copies
/// bytes. Any thread; never throws on bad requests.
/// </summary>
public sealed class ApiHandler(ObjectStore store, ApiHandlerOptions? options = null)
{
    /// <summary>Answers one request.</summary>
    /// <param name="method">HTTP method, upper case.</param>
    /// <param name="target">Path and query as in the request line.</param>
    /// <param name="body">Request body, empty for GET.</param>
    public ApiAnswer Handle(string method, string target, ReadOnlyMemory<byte> body) => throw new InvalidOperationException($"{store}{options}");
}

/// <summary>What the handler may do beyond reading the store.</summary>
public sealed record ApiHandlerOptions
{
    /// <summary>Answers <c>POST /apis/authentication.k8s.io/v1/tokenreviews</c>; null: 404.</summary>
    public Func<TokenReviewRequest, TokenReviewVerdict>? ReviewToken { get; init; }

    /// <summary>A watch without <c>timeoutSeconds</c> ends after this long, so that clients come back and nothing leaks.</summary>
    public TimeSpan WatchTimeout { get; init; } = TimeSpan.FromMinutes(30);
}

/// <summary>A token and the audiences it must be meant for.</summary>
public sealed record TokenReviewRequest(string Token, IReadOnlyList<string> Audiences);

/// <summary>Who a token is.</summary>
/// <param name="Authenticated">False: <paramref name="Error"/> says why.</param>
/// <param name="Username"><c>system:serviceaccount:NAMESPACE:NAME</c>.</param>
/// <param name="Audiences">The audiences asked for that the token has.</param>
/// <param name="Error">For people.</param>
/// <param name="Extra">For example <c>authentication.kubernetes.io/pod-name</c>.</param>
public sealed record TokenReviewVerdict(
    bool Authenticated, string Username, IReadOnlyList<string> Audiences, string? Error, IReadOnlyDictionary<string, IReadOnlyList<string>>? Extra = null);

/// <summary>An HTTP answer: a body, or a stream of lines until the watch ends.</summary>
/// <param name="Status">HTTP status code.</param>
/// <param name="ContentType">Media type.</param>
/// <param name="Body">The whole body; empty when <paramref name="Stream"/> is set.</param>
/// <param name="Stream">Starts the watch: each element is one complete chunk (JSON and line feed) to write and flush. Null for ordinary answers.</param>
public sealed record ApiAnswer(int Status, string ContentType, ReadOnlyMemory<byte> Body, Func<CancellationToken, IAsyncEnumerable<ReadOnlyMemory<byte>>>? Stream);
