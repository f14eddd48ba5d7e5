namespace Weft.Policy.Decide;

/// <summary>What one attempt gave.</summary>
/// <param name="Failure">None when a response head came.</param>
/// <param name="Status">Its status; 0 without one.</param>
/// <param name="GrpcStatus">grpc-status in the response head (trailers-only); -1 without one.</param>
/// <param name="IsRateLimited">x-envoy-ratelimited was in the response.</param>
public readonly record struct AttemptResult(AttemptFailure Failure, int Status = 0, int GrpcStatus = -1, bool IsRateLimited = false)
{
    /// <summary>No server can have acted on the request.</summary>
    public bool IsProvablyUnprocessed
        => Failure is AttemptFailure.ConnectFailure or AttemptFailure.ResetBeforeRequest or AttemptFailure.RefusedStream;

    public static AttemptResult Response(int status) => new(AttemptFailure.None, status);
}
