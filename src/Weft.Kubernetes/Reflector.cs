using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using Weft.Config;

namespace Weft.Kubernetes;

/// <summary>
/// Follows one kind on an API server: list, then watch from the list's version; resumes a watch that ends, lists again when the version is gone (410), backs
/// off when the server is away. One task; events go to a callback that may wait (the server resets us if we are too slow, and then we list again).
/// </summary>
public sealed class Reflector(ApiEndpoint endpoint, KindInfo kind, ReflectorOptions? options = null, TimeProvider? clock = null)
{
    private readonly ReflectorOptions _options = options ?? new ReflectorOptions();
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private string _version = "";
    private int _failures;
    private long _lists;
    private long _watches;
    private volatile string? _problem;

    /// <summary>Lists completed.</summary>
    public long Lists => Interlocked.Read(ref _lists);

    /// <summary>Watches opened.</summary>
    public long Watches => Interlocked.Read(ref _watches);

    /// <summary>Why the last attempt failed, or null while all is well.</summary>
    public string? Problem => _problem;

    /// <summary>Runs until cancelled, and then ends without an exception.</summary>
    public async Task RunAsync(Func<ReflectorEvent, CancellationToken, ValueTask> onEvent, CancellationToken cancellation)
    {
        try
        {
            await FollowAsync(onEvent, cancellation);
        }
        catch (Exception e) when (cancellation.IsCancellationRequested && e is OperationCanceledException or HttpRequestException or IOException)
        {
            // Asked to stop, wherever it was waiting.
        }
    }

    private async Task FollowAsync(Func<ReflectorEvent, CancellationToken, ValueTask> onEvent, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                if (_version.Length == 0 && !await ListAsync(onEvent, cancellation))
                {
                    await Task.Delay(_options.MissingKindRetry, _clock, cancellation);
                    continue;
                }

                await WatchAsync(onEvent, cancellation);
                _failures = 0;
                _problem = null;
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException && !cancellation.IsCancellationRequested)
            {
                _problem = $"{kind.Plural}: {e.Message}";
                _failures++;
                await WaitAsync(cancellation);
            }
        }
    }

    /// <summary>False when the server has no such kind: then an empty list has been told, so that nobody waits for it.</summary>
    private async Task<bool> ListAsync(Func<ReflectorEvent, CancellationToken, ValueTask> onEvent, CancellationToken cancellation)
    {
        var objects = new List<ReadResult>();
        string version = "";
        string next = "";
        do
        {
            string query = $"?limit={_options.PageSize}" + (next.Length > 0 ? $"&continue={Uri.EscapeDataString(next)}" : "");
            using HttpResponseMessage response = await endpoint.Client.GetAsync(Collection() + query, cancellation);
            if (response.StatusCode == HttpStatusCode.NotFound)
            {
                _problem = $"{kind.Plural}: the server has no {kind.ApiVersion}; looking again every {_options.MissingKindRetry.TotalSeconds:0} s";
                await onEvent(new ReflectorEvent(kind, ReflectorEventType.Replaced, [], ""), cancellation);
                return false;
            }

            if (response.StatusCode == HttpStatusCode.Gone)
            {
                // A page's continue token has expired: begin the list again.
                objects.Clear();
                next = "";
                continue;
            }

            await EnsureOkAsync(response, cancellation);
            byte[] body = await response.Content.ReadAsByteArrayAsync(cancellation);
            (version, next) = ReadPage(body, objects);
        }
        while (next.Length > 0);

        _version = version;
        Interlocked.Increment(ref _lists);
        await onEvent(new ReflectorEvent(kind, ReflectorEventType.Replaced, objects, version), cancellation);
        return true;
    }

    private (string Version, string Continue) ReadPage(byte[] body, List<ReadResult> objects)
    {
        ParsedDocuments parsed = JsonReader.Read(body, null, ReadLimits.Default with { MaxNodes = int.MaxValue });
        if (parsed.Documents is not [{ Kind: NodeKind.Mapping } page])
        {
            throw new HttpRequestException($"the list of {kind.Plural} is no JSON");
        }

        foreach (ResourceNode item in ResourceReader.Expand(page))
        {
            objects.Add(ResourceReader.Read(item, ReadOptions.FromApi));
        }

        ResourceNode? metadata = page["metadata"];
        return (metadata?["resourceVersion"]?.Text ?? "", metadata?["continue"]?.Text ?? "");
    }

    private async Task WatchAsync(Func<ReflectorEvent, CancellationToken, ValueTask> onEvent, CancellationToken cancellation)
    {
        int seconds = (int)(_options.WatchTimeout.TotalSeconds * (1 + Random.Shared.NextDouble()));
        string query = string.Create(CultureInfo.InvariantCulture,
            $"?watch=1&allowWatchBookmarks=true&resourceVersion={Uri.EscapeDataString(_version)}&timeoutSeconds={Math.Max(1, seconds)}");
        using var until = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // A server that ends the watch in time is healthy; one that neither speaks nor ends it is gone, and only our own clock can tell.
        until.CancelAfter(TimeSpan.FromSeconds(Math.Max(1, seconds) + 30));
        using var request = new HttpRequestMessage(HttpMethod.Get, Collection() + query);
        using HttpResponseMessage response = await endpoint.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, until.Token);
        if (response.StatusCode == HttpStatusCode.Gone)
        {
            _version = "";
            return;
        }

        await EnsureOkAsync(response, until.Token);
        Interlocked.Increment(ref _watches);
        _problem = null;
        await using Stream stream = await response.Content.ReadAsStreamAsync(until.Token);
        using var lines = new LineReader(stream);
        while (await lines.ReadAsync(until.Token) is { } line)
        {
            if (!await ApplyAsync(line, onEvent, until.Token))
            {
                return;
            }

            _failures = 0;
        }
    }

    /// <summary>One watch line; false when the watch is over and the next step is a list.</summary>
    private async ValueTask<bool> ApplyAsync(ReadOnlyMemory<byte> line, Func<ReflectorEvent, CancellationToken, ValueTask> onEvent, CancellationToken cancellation)
    {
        ParsedDocuments parsed = JsonReader.Read(line.Span, null);
        if (parsed.Documents is not [{ } item] || item["object"] is not { Kind: NodeKind.Mapping } subject)
        {
            throw new HttpRequestException($"a watch event of {kind.Plural} is no JSON object");
        }

        string version = subject["metadata"]?["resourceVersion"]?.Text ?? "";
        ReflectorEventType type;
        switch (item["type"]?.Text)
        {
            case "ADDED" or "MODIFIED":
                type = ReflectorEventType.Upserted;
                break;
            case "DELETED":
                type = ReflectorEventType.Deleted;
                break;
            case "BOOKMARK":
                type = ReflectorEventType.Moved;
                break;
            default:
                // ERROR: 410 Gone is the ordinary one. After any other a list is right as well, but not at once.
                _version = "";
                _failures += subject["code"]?.Text == "410" ? 0 : 1;
                _problem = $"{kind.Plural}: watch ended: {subject["message"]?.Text}";
                if (_failures > 0)
                {
                    await WaitAsync(cancellation);
                }

                return false;
        }

        IReadOnlyList<ReadResult> objects = type == ReflectorEventType.Moved ? [] : [ResourceReader.Read(subject, ReadOptions.FromApi)];
        await onEvent(new ReflectorEvent(kind, type, objects, version), cancellation);
        _version = version.Length > 0 ? version : _version;
        return true;
    }

    private string Collection() => kind.Group.Length == 0 ? $"api/{kind.Versions[0]}/{kind.Plural}" : $"apis/{kind.Group}/{kind.Versions[0]}/{kind.Plural}";

    private async Task EnsureOkAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (!response.IsSuccessStatusCode)
        {
            string body = await response.Content.ReadAsStringAsync(cancellation);
            throw new HttpRequestException($"{(int)response.StatusCode} from {endpoint.Description} for {kind.Plural}: {(body.Length > 300 ? body[..300] : body)}");
        }
    }

    private Task WaitAsync(CancellationToken cancellation)
    {
        double wait = Math.Min(_options.MaxBackoff.TotalMilliseconds, _options.MinBackoff.TotalMilliseconds * Math.Pow(2, Math.Min(_failures - 1, 16)));
        return Task.Delay(TimeSpan.FromMilliseconds(wait * (0.5 + (Random.Shared.NextDouble() / 2))), _clock, cancellation);
    }

    /// <summary>Cuts a stream at line feeds. A line lives until the next read.</summary>
    private sealed class LineReader(Stream stream) : IDisposable
    {
        /// <summary>64 MiB: far above etcd's 1.5 MiB; a server that sends more without a line feed is no API server.</summary>
        private const int MaxLine = 64 << 20;

        private byte[] _buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
        private int _from;
        private int _to;

        internal async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellation)
        {
            int searched = _from;
            while (true)
            {
                int end = _buffer.AsSpan(searched, _to - searched).IndexOf((byte)'\n');
                if (end >= 0)
                {
                    var line = new ReadOnlyMemory<byte>(_buffer, _from, searched + end - _from);
                    _from = searched + end + 1;
                    if (line.Span.Trim((byte)' ').Length > 0)
                    {
                        return line;
                    }

                    searched = _from;
                    continue;
                }

                MakeRoom();
                searched = _to;
                int read = await stream.ReadAsync(_buffer.AsMemory(_to), cancellation);
                if (read == 0)
                {
                    // Half a line is an event that we did not get: the next watch, from the last whole one, brings it again.
                    return null;
                }

                _to += read;
            }
        }

        public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

        private void MakeRoom()
        {
            if (_from > 0)
            {
                _buffer.AsSpan(_from, _to - _from).CopyTo(_buffer);
                _to -= _from;
                _from = 0;
            }

            if (_to < _buffer.Length)
            {
                return;
            }

            if (_buffer.Length >= MaxLine)
            {
                throw new IOException("a watch event is longer than 64 MiB");
            }

            byte[] larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.AsSpan(0, _to).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
    }
}
