using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Weft.Config;
using Weft.Store;

namespace Weft.ControlHost.Tests;

/// <summary>A store's Kubernetes API on a Unix socket, as weft up serves it.</summary>
internal sealed class StoreApi : IAsyncDisposable
{
    private readonly WebApplication _server;

    private StoreApi(WebApplication server, ObjectStore store)
    {
        _server = server;
        Store = store;
    }

    public ObjectStore Store { get; }

    public static async Task<StoreApi> StartAsync(string socket, Func<TokenReviewRequest, TokenReviewVerdict>? review = null)
    {
        var store = new ObjectStore();
        var handler = new ApiHandler(store, new ApiHandlerOptions { ReviewToken = review });
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(socket));
        WebApplication server = builder.Build();
        server.Run(http => AnswerAsync(http, handler));
        await server.StartAsync();
        return new StoreApi(server, store);
    }

    public void Put(string yaml)
    {
        foreach (ReadResult result in ResourceReader.ReadYaml(yaml, ReadOptions.FromApi).Objects)
        {
            Store.Put(result.Resource!);
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await _server.StopAsync(now.Token);
        await _server.DisposeAsync();
    }

    private static async Task AnswerAsync(HttpContext http, ApiHandler handler)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        string target = http.Features.Get<IHttpRequestFeature>()!.RawTarget;
        ApiAnswer answer = handler.Handle(http.Request.Method, target, body.ToArray());
        http.Response.StatusCode = answer.Status;
        http.Response.ContentType = answer.ContentType;
        if (answer.Stream is not { } stream)
        {
            await http.Response.Body.WriteAsync(answer.Body, http.RequestAborted);
            return;
        }

        await http.Response.StartAsync(http.RequestAborted);
        await foreach (ReadOnlyMemory<byte> line in stream(http.RequestAborted))
        {
            await http.Response.Body.WriteAsync(line, http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
        }
    }
}
