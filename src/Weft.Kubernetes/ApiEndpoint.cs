using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Http;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using k8s;
using k8s.Exceptions;

namespace Weft.Kubernetes;

/// <summary>How to reach an API server: over a Unix socket (<c>weft up</c>), or HTTPS with a token or certificate and a CA. Owns the <see cref="HttpClient"/>.</summary>
public sealed class ApiEndpoint : IDisposable
{
    private ApiEndpoint(HttpClient client, string description)
    {
        Client = client;
        Description = description;
    }

    /// <summary>Has the base address and authentication set; no overall timeout, because watches are long.</summary>
    public HttpClient Client { get; }

    /// <summary>For logs: the socket's path or the server's address.</summary>
    public string Description { get; }

    /// <summary>The <c>weft up</c> store on a Unix socket.</summary>
    public static ApiEndpoint OverUnixSocket(string path)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
        return new ApiEndpoint(Make(handler, new Uri("http://localhost/")), path);
    }

    /// <summary>A server by address, without authentication: a test's, or <c>kubectl proxy</c>.</summary>
    public static ApiEndpoint At(Uri address) => new(Make(new SocketsHttpHandler { UseProxy = false }, address), address.ToString());

    /// <summary>
    /// Reads <c>--source</c>: <c>unix:/path</c>, <c>http://host:port</c>, <c>in-cluster</c>, or a kubeconfig file (<c>kubeconfig</c> alone: $KUBECONFIG, else
    /// ~/.kube/config). Throws <see cref="InvalidOperationException"/> with what to do when it cannot.
    /// </summary>
    public static ApiEndpoint FromSource(string source, string? context = null)
    {
        if (source.StartsWith("unix:", StringComparison.Ordinal))
        {
            return OverUnixSocket(source[5..]);
        }

        if (source.StartsWith("http://", StringComparison.Ordinal) && Uri.TryCreate(source, UriKind.Absolute, out Uri? address))
        {
            return At(address);
        }

        try
        {
            return FromConfiguration(Load(source, context));
        }
        catch (KubeConfigException e)
        {
            throw new InvalidOperationException($"--source {source}: {e.Message} Give unix:/path/api.sock, in-cluster, or a readable kubeconfig file.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"--source {source} cannot be read: {e.Message}", e);
        }
    }

    public void Dispose() => Client.Dispose();

    private static KubernetesClientConfiguration Load(string source, string? context) => source switch
    {
        "in-cluster" => KubernetesClientConfiguration.InClusterConfig(),
        "kubeconfig" => KubernetesClientConfiguration.BuildConfigFromConfigFile(currentContext: context),
        _ => KubernetesClientConfiguration.BuildConfigFromConfigFile(source.StartsWith("kubeconfig:", StringComparison.Ordinal) ? source[11..] : source, context),
    };

    private static ApiEndpoint FromConfiguration(KubernetesClientConfiguration configuration)
    {
        var tls = new SslClientAuthenticationOptions { TargetHost = configuration.TlsServerName };
        if (configuration.SkipTlsVerify)
        {
            throw new InvalidOperationException(
                $"{configuration.Host}: insecure-skip-tls-verify would let anyone be the API server that says who is who; set certificate-authority in the kubeconfig.");
        }

        if (configuration.SslCaCerts is { Count: > 0 } roots)
        {
            tls.RemoteCertificateValidationCallback = (_, certificate, chain, errors) => IsTrusted(certificate, chain, errors, roots);
        }

        if (ClientCertificate(configuration) is { } own)
        {
            tls.ClientCertificates = [own];
        }

        var handler = new SocketsHttpHandler { SslOptions = tls, PooledConnectionLifetime = TimeSpan.FromHours(1) };
        return new ApiEndpoint(Make(new BearerHandler(handler, configuration), new Uri(configuration.Host.TrimEnd('/') + "/")), configuration.Host);
    }

    private static X509Certificate2? ClientCertificate(KubernetesClientConfiguration configuration)
    {
        string? certificate = Pem(configuration.ClientCertificateData, configuration.ClientCertificateFilePath);
        string? key = Pem(configuration.ClientCertificateKeyData, configuration.ClientKeyFilePath);
        return certificate is null || key is null ? null : X509Certificate2.CreateFromPem(certificate, key);
    }

    private static string? Pem(string? data, string? path) =>
        !string.IsNullOrEmpty(data) ? Encoding.ASCII.GetString(Convert.FromBase64String(data)) : string.IsNullOrEmpty(path) ? null : File.ReadAllText(path);

    /// <summary>Trusts the cluster's own roots and nothing else; a wrong host name is never forgiven.</summary>
    private static bool IsTrusted(X509Certificate? certificate, X509Chain? presented, SslPolicyErrors errors, X509Certificate2Collection roots)
    {
        if (certificate is not X509Certificate2 leaf || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != 0)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        foreach (X509ChainElement element in presented?.ChainElements ?? (IEnumerable<X509ChainElement>)[])
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return chain.Build(leaf);
    }

    private static HttpClient Make(HttpMessageHandler handler, Uri address)
    {
        var client = new HttpClient(handler) { BaseAddress = address, Timeout = System.Threading.Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("weftd");
        return client;
    }
}
