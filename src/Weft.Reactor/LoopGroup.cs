using System;
using System.Collections.Generic;
using System.Threading;

namespace Weft.Reactor;

/// <summary>
/// The loops of a process. Listening sockets are shared by all of them; a loop that has clearly more links than another hands a new connection over
/// (EPOLLEXCLUSIVE favours whoever waits, and long-lived connections would stay uneven).
/// </summary>
public sealed class LoopGroup : IDisposable
{
    // A hand-over costs a wake-up of another thread, so a small imbalance is left alone.
    private const int ToleratedExcess = 4;
    private readonly Loop[] _loops;

    /// <param name="count">How many loops: the CPU quota by default.</param>
    /// <param name="options">Options of loop i; null takes the defaults. Index is set here.</param>
    public LoopGroup(int count, Func<int, LoopOptions>? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        _loops = new Loop[count];
        for (int index = 0; index < count; index++)
        {
            LoopOptions chosen = options?.Invoke(index) ?? new LoopOptions();
            _loops[index] = new Loop(chosen with { Index = index }) { Group = count > 1 ? this : null };
        }
    }

    /// <summary>The loops, by index.</summary>
    public IReadOnlyList<Loop> Loops => _loops;

    /// <summary>Starts every thread.</summary>
    public void Start() => Array.ForEach(_loops, loop => loop.Start());

    /// <summary>Accepts from <paramref name="socket"/> on every loop. Any thread; returns when all have begun.</summary>
    /// <returns>Each loop's listener, by index; stop each on its own loop.</returns>
    public IReadOnlyList<Listener> Listen(ListeningSocket socket, IAcceptHandler handler)
    {
        Listener[] listeners = new Listener[_loops.Length];
        RunOnEach(loop => listeners[loop.Index] = loop.Listen(socket, handler));
        return listeners;
    }

    /// <summary>Runs <paramref name="action"/> on every started loop and waits for all. Not from a loop.</summary>
    public void RunOnEach(Action<Loop> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        using CountdownEvent done = new(_loops.Length);
        Exception? failure = null;
        foreach (Loop loop in _loops)
        {
            loop.Post(on =>
            {
                try
                {
                    action(on);
                }
                catch (Exception exception)
                {
                    failure = exception;
                }
                finally
                {
                    done.Signal();
                }
            });
        }

        done.Wait();
        if (failure is not null)
        {
            throw new InvalidOperationException("failed on a loop: " + failure.Message, failure);
        }
    }

    /// <summary>Stops every loop and frees what they hold.</summary>
    public void Dispose() => Array.ForEach(_loops, loop => loop.Dispose());

    /// <summary>Who should have a connection that <paramref name="asking"/> accepted.</summary>
    internal Loop LeastLoaded(Loop asking)
    {
        Loop least = asking;
        foreach (Loop loop in _loops)
        {
            if (loop.Load < least.Load)
            {
                least = loop;
            }
        }

        return asking.Load - least.Load > ToleratedExcess + (least.Load / 4) ? least : asking;
    }
}
