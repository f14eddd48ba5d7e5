namespace Weft.Reactor;

/// <summary>How a loop is set up.</summary>
public sealed record LoopOptions
{
    /// <summary>Position among the process's loops; in logs and metrics.</summary>
    public int Index { get; init; }

    /// <summary>Bounds of its links.</summary>
    public LinkLimits Limits { get; init; } = new();

    /// <summary>Connections accepted per listener and turn; the rest wait in the backlog.</summary>
    public int AcceptsPerTurn { get; init; } = 64;

    /// <summary>Handshake steps per turn, each up to a signature (0.3 ms): established links wait at most so much longer.</summary>
    public int HandshakesPerTurn { get; init; } = 8;

    /// <summary>Messages taken from the mailbox per turn.</summary>
    public int MessagesPerTurn { get; init; } = 256;

    /// <summary>Hook at the start of each turn.</summary>
    public ILoopObserver? Observer { get; init; }

    /// <summary>Where the engine reports; null is standard error.</summary>
    public IReactorLog? Log { get; init; }
}
