using System;
using System.Collections.Generic;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading;
using Weft.Config;

namespace Weft.Store;

/// <summary>
/// The Kubernetes list/watch protocol over a store, without a transport: a request line and body in, an answer out. The HTTP server around it only copies
/// bytes. Any thread; never throws on bad requests.
/// </summary>
public sealed class ApiHandler(ObjectStore store, ApiHandlerOptions? options = null)
{
    private const string TokenReviews = "/apis/authentication.k8s.io/v1/tokenreviews";
    private readonly ApiHandlerOptions _options = options ?? new ApiHandlerOptions();

    /// <summary>Answers one request.</summary>
    /// <param name="method">HTTP method, upper case.</param>
    /// <param name="target">Path and query as in the request line.</param>
    /// <param name="body">Request body, empty for GET.</param>
    public ApiAnswer Handle(string method, string target, ReadOnlyMemory<byte> body)
    {
        var request = ApiRequest.Parse(target);
        if (method == "POST" && request.Path == TokenReviews && _options.ReviewToken is { } review)
        {
            return TokenReviewJson.Answer(body, review);
        }

        if (method != "GET")
        {
            return ApiJson.Status(405, "MethodNotAllowed", $"the server does not allow this method on the requested resource: {method} {request.Path}");
        }

        if (ApiDiscovery.TryAnswer(request.Path, _options.Version, out ApiAnswer? discovery))
        {
            return discovery;
        }

        if (!request.TryResolve(out KindInfo? kind, out string? apiVersion, out string? problem))
        {
            return ApiJson.Status(problem is null ? 404 : 400, problem is null ? "NotFound" : "BadRequest", problem ?? "the server could not find the requested resource");
        }

        return request.Name is { } name && !request.IsWatch ? Get(kind, apiVersion, request, name) : ListOrWatch(kind, apiVersion, request);
    }

    private ApiAnswer Get(KindInfo kind, string apiVersion, ApiRequest request, string name)
    {
        Resource? found = store.Get(new ObjectKey(kind.Group, kind.Kind, request.Namespace ?? "", name));
        return found is null
            ? ApiJson.Status(404, "NotFound", $"{kind.Plural}{(kind.Group.Length > 0 ? "." + kind.Group : "")} \"{name}\" not found")
            : ApiJson.Object(found, apiVersion);
    }

    private ApiAnswer ListOrWatch(KindInfo kind, string apiVersion, ApiRequest request)
    {
        if (request.Filter(kind) is not { } filter)
        {
            return ApiJson.Status(400, "BadRequest", "unable to parse the selector; labelSelector takes a=b, a!=b, a in (x,y), a; fieldSelector metadata.name=x and metadata.namespace=x");
        }

        if (!request.IsWatch)
        {
            ListResult list = store.List(filter);
            return ApiJson.List(kind, apiVersion, list);
        }

        if (!request.TryRevision(out long revision))
        {
            return ApiJson.Status(400, "BadRequest", $"invalid resource version \"{request.Query("resourceVersion")}\"");
        }

        TimeSpan timeout = int.TryParse(request.Query("timeoutSeconds"), NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && seconds > 0
            ? TimeSpan.FromSeconds(Math.Min(seconds, 86_400))
            : _options.WatchTimeout;
        bool wantsBookmarks = request.Flag("allowWatchBookmarks");
        return new ApiAnswer(200, ApiJson.MediaType, default, cancellation => Watch(kind, apiVersion, filter, revision, wantsBookmarks, timeout, cancellation));
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> Watch(
        KindInfo kind, string apiVersion, ObjectFilter filter, long revision, bool wantsBookmarks, TimeSpan timeout, [EnumeratorCancellation] CancellationToken cancellation)
    {
        Watcher? watcher = TryWatch(filter, revision, out string? gone);
        if (watcher is null)
        {
            yield return ApiJson.GoneLine(gone!);
            yield break;
        }

        using (watcher)
        {
            using var until = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            until.CancelAfter(timeout);
            await using IAsyncEnumerator<WatchEvent> events = watcher.ReadAllAsync(until.Token).GetAsyncEnumerator(CancellationToken.None);
            while (true)
            {
                ReadOnlyMemory<byte> line = default;
                bool isOver = false;
                try
                {
                    if (!await events.MoveNextAsync())
                    {
                        isOver = true;
                    }
                    else if (events.Current.Object is { } resource)
                    {
                        line = ApiJson.EventLine(events.Current.Type, resource, apiVersion);
                    }
                    else if (wantsBookmarks)
                    {
                        line = ApiJson.BookmarkLine(kind, apiVersion, events.Current.Revision);
                    }
                }
                catch (GoneException e)
                {
                    line = ApiJson.GoneLine(e.Message);
                    isOver = true;
                }
                catch (OperationCanceledException)
                {
                    // The watch's own time is up (an ordinary end), or the client has gone (nobody reads the end).
                    isOver = true;
                }

                if (!line.IsEmpty)
                {
                    yield return line;
                }

                if (isOver)
                {
                    yield break;
                }
            }
        }
    }

    private Watcher? TryWatch(ObjectFilter filter, long revision, out string? gone)
    {
        try
        {
            gone = null;
            return store.Watch(filter, revision);
        }
        catch (GoneException e)
        {
            gone = e.Message;
            return null;
        }
    }
}
