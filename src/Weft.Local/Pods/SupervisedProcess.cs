using System;
using System.IO;
using System.Threading.Tasks;
using Weft.Native.Processes;

namespace Weft.Local.Pods;

/// <summary>
/// One process that is wanted: started, started again with growing pauses when it ends, stopped with grace. Its loop is the only
/// writer of its state; readers on any thread see whole values.
/// </summary>
public sealed class SupervisedProcess
{
    private readonly Func<ChildProcess> _start;
    private readonly TimeProvider _clock;
    private readonly Action<string> _report;
    private readonly TaskCompletionSource _stopping = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RestartBackoff _backoff = new();
    private readonly bool _isOnce;
    private volatile ChildProcess? _current;

    /// <param name="name">For messages.</param>
    /// <param name="start">Starts it; may block. Called again for every restart.</param>
    /// <param name="clock">Measures how long it lived and waits.</param>
    /// <param name="report">Takes one line when it ends or cannot start.</param>
    /// <param name="isOnce">Its first end is its last.</param>
    public SupervisedProcess(string name, Func<ChildProcess> start, TimeProvider clock, Action<string> report, bool isOnce = false)
    {
        _isOnce = isOnce;
        Name = name;
        _start = start;
        _clock = clock;
        _report = report;
        Completion = Task.Run(RunAsync);
    }

    public string Name { get; }

    /// <summary>The running process, or null between two lives.</summary>
    public ChildProcess? Current => _current;

    /// <summary>How often it was started again.</summary>
    public int Restarts { get; private set; }

    /// <summary>Exit code of its last life, or null while in its first.</summary>
    public int? LastExit { get; private set; }

    /// <summary>Why its last life did not even begin, or null.</summary>
    public string? StartFailure { get; private set; }

    /// <summary>Completes when it is stopped for good.</summary>
    public Task Completion { get; }

    /// <summary>Asks it to end, and makes it end after <paramref name="grace"/>. Not restarted again.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        _stopping.TrySetResult();
        if (_current is { } process)
        {
            process.Signal(Signals.Terminate);
            await Task.WhenAny(process.Exited, Task.Delay(grace, _clock));
            process.Signal(Signals.Kill);
        }

        await Completion;
    }

    private bool IsStopping => _stopping.Task.IsCompleted;

    private async Task RunAsync()
    {
        while (!IsStopping)
        {
            long started = _clock.GetTimestamp();
            await LiveAsync();
            if (IsStopping || _isOnce)
            {
                return;
            }

            TimeSpan pause = _backoff.Next(_clock.GetElapsedTime(started));
            _report($"{Name} ended with {LastExit}; starting it again in {pause.TotalSeconds:0.0} s");
            await Task.WhenAny(Task.Delay(pause, _clock), _stopping.Task);
            Restarts++;
        }
    }

    private async Task LiveAsync()
    {
        try
        {
            ChildProcess process = _start();
            StartFailure = null;
            _current = process;
            if (IsStopping)
            {
                // Stop came between the start and the line above, when it saw nobody to signal.
                process.Signal(Signals.Kill);
            }

            LastExit = await process.Exited;
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException or UnauthorizedAccessException)
        {
            StartFailure = exception.Message;
            _report($"{Name} cannot start: {exception.Message}");
            LastExit = 127;
        }
        finally
        {
            _current = null;
        }
    }
}
