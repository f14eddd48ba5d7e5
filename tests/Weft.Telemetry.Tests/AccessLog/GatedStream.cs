using System;
using System.IO;
using System.Text;
using System.Threading;

namespace Weft.Telemetry.Tests.AccessLog;

/// <summary>A destination that a test can block or break, and wait on without polling.</summary>
internal sealed class GatedStream : Stream
{
    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();
    private readonly AutoResetEvent _grew = new(initialState: false);

    public ManualResetEventSlim Gate { get; } = new(initialState: true);

    public volatile bool Fails;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public string Text
    {
        get
        {
            lock (_lock) return _text.ToString();
        }
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        Gate.Wait();
        if (Fails) throw new IOException("broken pipe");
        lock (_lock) _text.Append(Encoding.UTF8.GetString(buffer, offset, count));
        _grew.Set();
    }

    public override void Flush()
    {
    }

    /// <summary>False when ten seconds pass first.</summary>
    public bool WaitFor(Func<string, bool> condition)
    {
        DateTime deadline = DateTime.UtcNow.AddSeconds(10);
        while (!condition(Text))
        {
            TimeSpan left = deadline - DateTime.UtcNow;
            if (left <= TimeSpan.Zero || !_grew.WaitOne(left)) return condition(Text);
        }

        return true;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _grew.Dispose();
            Gate.Dispose();
        }

        base.Dispose(disposing);
    }
}
