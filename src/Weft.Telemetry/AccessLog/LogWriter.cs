using System;
using System.IO;
using System.Threading;

namespace Weft.Telemetry.AccessLog;

/// <summary>
/// The one thread that writes log lines: drains every loop's ring into one buffer and the buffer into a stream. When the stream blocks, rings
/// fill and lines are dropped and counted; a loop never notices. While lines come it looks every <see cref="BatchInterval"/>, so that a
/// thousand lines cost one system call and no wake-ups; when none came it sleeps until it is woken.
/// Instruments: <see cref="Written"/>, <see cref="Dropped"/>, <see cref="Failed"/>.
/// </summary>
public sealed class LogWriter : IDisposable
{
    /// <summary>10 ms: a line is on disk before anybody can look for it, and 100 wake-ups a second cost nothing.</summary>
    public static readonly TimeSpan BatchInterval = TimeSpan.FromMilliseconds(10);

    // One kernel pipe's worth.
    private const int BufferBytes = 64 * 1024;

    private readonly Lock _lock = new();
    private readonly AutoResetEvent _wake = new(initialState: false);
    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly Stream _destination;
    private readonly Thread _thread;
    private ILogRing[] _rings = [];
    private int _buffered;
    private long _written;
    private long _failed;
    private int _isAsleep;
    private volatile bool _stopping;

    /// <param name="destination">Not disposed here; written to by this thread only.</param>
    public LogWriter(Stream destination)
    {
        _destination = destination;
        _thread = new Thread(Run) { IsBackground = true, Name = "weft-log" };
        _thread.Start();
    }

    /// <summary>Lines written. Any thread.</summary>
    public long Written => Volatile.Read(ref _written);

    /// <summary>Lines lost because the destination failed. Any thread.</summary>
    public long Failed => Volatile.Read(ref _failed);

    /// <summary>Lines lost because a ring was full. Any thread.</summary>
    public long Dropped
    {
        get
        {
            long dropped = 0;
            foreach (ILogRing ring in Volatile.Read(ref _rings)) dropped += ring.Dropped;
            return dropped;
        }
    }

    /// <summary>One more loop's ring. Any thread.</summary>
    public void Add(ILogRing ring)
    {
        lock (_lock) Volatile.Write(ref _rings, [.. _rings, ring]);
    }

    /// <summary>After a record was put into a ring. One volatile read unless the writer sleeps. Any thread.</summary>
    public void Wake()
    {
        // A full fence between "record is in" and "does it sleep", or both sides could miss each other.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _isAsleep) != 0 && Interlocked.Exchange(ref _isAsleep, 0) != 0) _wake.Set();
    }

    /// <summary>Writes what is there, then ends the thread. At most two seconds, should the destination block.</summary>
    public void Dispose()
    {
        _stopping = true;
        _wake.Set();
        if (_thread.Join(TimeSpan.FromSeconds(2))) _wake.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            bool stopping = _stopping;
            bool found = Drain();
            if (stopping) return;
            if (found) _wake.WaitOne(BatchInterval);
            else Sleep();
        }
    }

    private void Sleep()
    {
        Interlocked.Exchange(ref _isAsleep, 1);
        if (!HasRecords() && !_stopping) _wake.WaitOne();
        Volatile.Write(ref _isAsleep, 0);
    }

    private bool HasRecords()
    {
        foreach (ILogRing ring in Volatile.Read(ref _rings))
        {
            if (ring.TryPeek(out _)) return true;
        }

        return false;
    }

    private bool Drain()
    {
        bool found = false;
        int lines = 0;
        foreach (ILogRing ring in Volatile.Read(ref _rings))
        {
            while (ring.TryPeek(out ReadOnlySpan<byte> record))
            {
                found = true;
                if (record.Length > BufferBytes - _buffered) Flush(ref lines);
                // Rings take records up to a limit far below the buffer; a longer one could only be cut.
                ReadOnlySpan<byte> kept = record[..Math.Min(record.Length, BufferBytes)];
                kept.CopyTo(_buffer.AsSpan(_buffered));
                _buffered += kept.Length;
                lines++;
                ring.Advance();
            }
        }

        Flush(ref lines);
        return found;
    }

    private void Flush(ref int lines)
    {
        if (_buffered == 0) return;
        try
        {
            _destination.Write(_buffer, 0, _buffered);
            _destination.Flush();
            Volatile.Write(ref _written, _written + lines);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or NotSupportedException or UnauthorizedAccessException)
        {
            // A closed pipe or a full disk must not stop the mesh: count and go on.
            Volatile.Write(ref _failed, _failed + lines);
        }

        lines = 0;
        _buffered = 0;
    }
}
