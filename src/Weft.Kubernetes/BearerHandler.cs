using System.Net.Http;
using System.Net.Http.Headers;
using System.Threading;
using System.Threading.Tasks;
using k8s;

namespace Weft.Kubernetes;

/// <summary>Puts the token on each request; a token provider (in-cluster: a file that the kubelet renews) is asked each time.</summary>
internal sealed class BearerHandler(HttpMessageHandler inner, KubernetesClientConfiguration configuration) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (configuration.TokenProvider is { } provider)
        {
            request.Headers.Authorization = await provider.GetAuthenticationHeaderAsync(cancellationToken);
        }
        else if (!string.IsNullOrEmpty(configuration.AccessToken))
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", configuration.AccessToken);
        }

        return await base.SendAsync(request, cancellationToken);
    }
}
