namespace Weft.Policy.Decide;

/// <summary>Why an attempt is not retried.</summary>
public enum RetryRefusal
{
    /// <summary>It is retried.</summary>
    None,

    /// <summary>The response is fine.</summary>
    NotNeeded,

    /// <summary>The route has no retry policy, or num_retries is 0.</summary>
    NoPolicy,

    /// <summary>retry_on names no condition that this meets.</summary>
    ConditionNotConfigured,

    /// <summary>Not idempotent, and the server may have acted.</summary>
    MayHaveBeenProcessed,

    /// <summary>Part of the response went downstream.</summary>
    ResponseStarted,

    /// <summary>The body outgrew the replay buffer.</summary>
    BodyNotReplayable,

    /// <summary>num_retries are used up: URX.</summary>
    AttemptsExhausted,

    /// <summary>The retry budget or max_retries is used up: <c>upstream_rq_retry_overflow</c>.</summary>
    BudgetExhausted,
}
