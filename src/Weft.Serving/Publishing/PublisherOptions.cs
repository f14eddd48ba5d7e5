using System;

namespace Weft.Serving.Publishing;

/// <summary>
/// How changes of configuration are gathered before a push. One saved file, or one <c>kubectl apply -f</c>, arrives as a burst of objects within a few milliseconds: 10 ms of quiet takes them
/// together, and 100 ms bounds what a steady stream of edits can delay. Istio waits 100 ms and up to 10 s, because its push costs more. Endpoint changes never wait.
/// </summary>
public sealed record PublisherOptions
{
    public TimeSpan Quiet { get; init; } = TimeSpan.FromMilliseconds(10);

    public TimeSpan Longest { get; init; } = TimeSpan.FromMilliseconds(100);
}
