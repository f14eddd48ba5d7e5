namespace Weft.Policy.Decide;

/// <summary>What the proxy knows when it asks whether to retry; counts are the process's, from the cluster's cells.</summary>
/// <param name="RetriesDone">Retries of this request so far.</param>
/// <param name="IsIdempotent">RFC 9110 §9.2.2: GET, HEAD, OPTIONS, TRACE, PUT, DELETE (<see cref="RetryDecision.IsIdempotent"/>).</param>
/// <param name="HasResponseStarted">The response head went downstream: nothing can be taken back.</param>
/// <param name="IsBodyReplayable">The request's body is still whole in the replay buffer, or there is none.</param>
/// <param name="ActiveRequests">Active and pending requests to the cluster.</param>
/// <param name="ActiveRetries">Of those, retries.</param>
public readonly record struct RetryFacts(
    uint RetriesDone, bool IsIdempotent, bool HasResponseStarted, bool IsBodyReplayable, uint ActiveRequests, uint ActiveRetries);
