namespace Weft.Reactor;

/// <summary>Hooks into the turn of a loop, for what must be the same during a whole turn. On the loop's thread; must not throw.</summary>
public interface ILoopObserver
{
    /// <summary>After the wait and the clock, before anything is processed: take the current snapshot, announce the epoch.</summary>
    void OnTurnStart(Loop loop);

    /// <summary>
    /// The loop has nothing to do and is about to sleep, perhaps for long: hold nothing (park the epoch) until the next <see cref="OnTurnStart"/>.
    /// Not called when the loop only looks for more events.
    /// </summary>
    void OnBeforeWait(Loop loop)
    {
    }
}
