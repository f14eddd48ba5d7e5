namespace Weft.Native.Processes;

/// <summary>The signal numbers we send (Linux, all architectures of ours).</summary>
public static class Signals
{
    public const int Hangup = 1;
    public const int Interrupt = 2;
    public const int Quit = 3;
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int WindowChanged = 28;
}
