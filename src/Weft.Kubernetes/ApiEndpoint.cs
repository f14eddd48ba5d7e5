using System;
using System.Net.Http;

namespace Weft.Kubernetes;

/// <summary>How to reach an API server: over a Unix socket (<c>weft up</c>), or HTTPS with a token and a CA. Owns the <see cref="HttpClient"/>.</summary>
public sealed class ApiEndpoint : IDisposable
{
    private ApiEndpoint(HttpClient client) => Client = client;

    /// <summary>Has the base address and authentication set; no overall timeout, because watches are long.</summary>
    public HttpClient Client { get; }

    /// <summary>The <c>weft up</c> store on a Unix socket.</summary>
    public static ApiEndpoint OverUnixSocket(string path) => throw new InvalidOperationException(path);

    /// <summary>
    /// Reads <c>--source</c>: <c>unix:/path</c>, <c>in-cluster</c>, or a kubeconfig file (<c>kubeconfig</c> alone: $KUBECONFIG, else ~/.kube/config). Throws
    /// <see cref="InvalidOperationException"/> with what to do when it cannot.
    /// </summary>
    public static ApiEndpoint FromSource(string source, string? context = null) => throw new InvalidOperationException(source + context);

    public void Dispose() => Client.Dispose();
}
