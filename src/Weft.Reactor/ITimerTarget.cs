namespace Weft.Reactor;

/// <summary>Hears its timers, on the loop's thread.</summary>
public interface ITimerTarget
{
    /// <summary>A timer is due; its token is spent.</summary>
    /// <param name="kind">What the target gave when it scheduled, to tell its timers apart.</param>
    void OnTimer(int kind);
}
