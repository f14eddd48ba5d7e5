namespace Weft.Policy.Decide;

/// <summary>Retry or not, why not, and after how long.</summary>
/// <param name="Refusal">None when it is to be retried.</param>
/// <param name="BackOffTicks">Ticks of 100 ns to wait before the retry.</param>
public readonly record struct RetryVerdict(RetryRefusal Refusal, long BackOffTicks)
{
    public bool Retry => Refusal == RetryRefusal.None;
}
