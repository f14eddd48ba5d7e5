using System;
using System.Collections.Generic;
using System.IO;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Weft.Config;
using Weft.Identity;
using Weft.Store;

namespace Weft.Local.Machine;

/// <summary>
/// The store as a Kubernetes API on a Unix socket that only this user can reach: list, watch and TokenReview, which is what
/// weftd asks of an API server. It only carries bytes; <see cref="ApiHandler"/> decides.
/// </summary>
public static class ApiServer
{
    /// <summary>A token review has 2 KiB; nothing else has a body.</summary>
    private const int LargestBody = 64 * 1024;

    /// <summary>Starts it; it serves until the process ends.</summary>
    public static async Task StartAsync(string socket, ObjectStore store, ServiceAccountTokenIssuer tokens, TimeProvider clock)
    {
        ApiHandler handler = new(store, new ApiHandlerOptions { ReviewToken = request => Review(request, store, tokens, clock) });
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = "/" });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.Limits.MaxRequestBodySize = LargestBody;
            // A watch is silent while nothing happens.
            options.Limits.MinResponseDataRate = null;
            options.ListenUnixSocket(socket);
        });
        WebApplication server = builder.Build();
        server.Run(context => AnswerAsync(context, handler));
        await server.StartAsync();
    }

    /// <summary>As the API server does: our signature, the audience, and that the pod it is bound to still lives.</summary>
    private static TokenReviewVerdict Review(TokenReviewRequest request, ObjectStore store, ServiceAccountTokenIssuer tokens, TimeProvider clock)
    {
        string error = "no audience was asked for";
        foreach (string audience in request.Audiences.Count > 0 ? request.Audiences : [tokens.Issuer])
        {
            if (!tokens.Verifier.TryVerify(request.Token, audience, clock.GetUtcNow(), out ServiceAccountToken? claims, out error))
            {
                continue;
            }

            Resource? pod = store.Get(new ObjectKey(string.Empty, "Pod", claims.Namespace, claims.PodName));
            if (pod is null || pod.Metadata.Uid != claims.PodUid)
            {
                return new TokenReviewVerdict(false, string.Empty, [], "the pod that the token is bound to is gone");
            }

            return new TokenReviewVerdict(true, claims.Subject, [audience], null, new Dictionary<string, IReadOnlyList<string>>
            {
                ["authentication.kubernetes.io/pod-name"] = [claims.PodName],
                ["authentication.kubernetes.io/pod-uid"] = [claims.PodUid],
            });
        }

        return new TokenReviewVerdict(false, string.Empty, [], error);
    }

    private static async Task AnswerAsync(HttpContext context, ApiHandler handler)
    {
        string target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        ApiAnswer answer = handler.Handle(context.Request.Method, target, body.ToArray());
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        if (answer.Stream is null)
        {
            context.Response.ContentLength = answer.Body.Length;
            await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
            return;
        }

        await context.Response.StartAsync(context.RequestAborted);
        try
        {
            await foreach (ReadOnlyMemory<byte> line in answer.Stream(context.RequestAborted))
            {
                await context.Response.Body.WriteAsync(line, context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The watcher went away.
        }
    }
}
