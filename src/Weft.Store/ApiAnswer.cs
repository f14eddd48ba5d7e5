using System;
using System.Collections.Generic;
using System.Threading;

namespace Weft.Store;

/// <summary>An HTTP answer: a body, or a stream of lines until the watch ends.</summary>
/// <param name="Status">HTTP status code.</param>
/// <param name="ContentType">Media type.</param>
/// <param name="Body">The whole body; empty when <paramref name="Stream"/> is set.</param>
/// <param name="Stream">Starts the watch: each element is one complete chunk (JSON and line feed) to write and flush. Null for ordinary answers.</param>
public sealed record ApiAnswer(int Status, string ContentType, ReadOnlyMemory<byte> Body, Func<CancellationToken, IAsyncEnumerable<ReadOnlyMemory<byte>>>? Stream);
