using System.Runtime.CompilerServices;
using Weft.Buffers;
using Weft.Policy;
using Weft.Reactor;

namespace Weft.Proxy.Http;

/// <summary>The deadlines of one exchange, by kind. A field of its owner, which hears them; a timer that is off costs nothing.</summary>
internal struct ExchangeTimers
{
    /// <summary>From the end of the request to the end of the answer, retries included.</summary>
    public const int Route = 0;

    /// <summary>One attempt.</summary>
    public const int Try = 1;

    /// <summary>The wait before a retry.</summary>
    public const int BackOff = 2;

    /// <summary>Nothing moved in either direction.</summary>
    public const int Idle = 3;

    /// <summary>The whole stream.</summary>
    public const int Duration = 4;
    private const int Kinds = 5;
    private TimerWheel _wheel;
    private ITimerTarget _target;
    private Tokens _tokens;

    public void Begin(TimerWheel wheel, ITimerTarget target)
    {
        _wheel = wheel;
        _target = target;
        _tokens = default;
    }

    /// <summary>Starts the timer if there is a limit and it does not run yet.</summary>
    public void Arm(int kind, TimeLimit limit)
    {
        if (limit.IsLimit) Arm(kind, (long)limit.Value.TotalMilliseconds);
    }

    public void Arm(int kind, long milliseconds)
    {
        if (_tokens[kind].IsNone) _tokens[kind] = _wheel.Schedule(milliseconds, _target, kind);
    }

    /// <summary>It fired: its token names nothing any more.</summary>
    public void Spend(int kind) => _tokens[kind] = default;

    public void Cancel(int kind)
    {
        if (_tokens[kind].IsNone) return;
        _wheel.Cancel(_tokens[kind]);
        _tokens[kind] = default;
    }

    public void CancelAll()
    {
        for (int kind = 0; kind < Kinds; kind++) Cancel(kind);
    }

    [InlineArray(Kinds)]
    private struct Tokens
    {
        private SlotToken _first;
    }
}
