using System;

namespace Weft.Telemetry.AccessLog;

/// <summary>A loop's end of the access log: formats into one buffer of its own and hands the line to the writer. Loop thread only; never waits.</summary>
public sealed class LoopAccessLog
{
    private readonly ILogRing _ring;
    private readonly LogWriter _writer;
    private readonly bool _isJson;
    private readonly byte[] _line = GC.AllocateUninitializedArray<byte>(AccessLogFormat.MaxLineBytes, pinned: true);

    /// <param name="ring">Of this loop; must take records of <see cref="AccessLogFormat.MaxLineBytes"/>.</param>
    /// <param name="writer">Shared by all loops.</param>
    /// <param name="isJson">JSON lines rather than Istio's text.</param>
    public LoopAccessLog(ILogRing ring, LogWriter writer, bool isJson)
    {
        _ring = ring;
        _writer = writer;
        _isJson = isJson;
        writer.Add(ring);
    }

    /// <summary>Logs one finished request. No allocation, no system call but a wake-up when the writer had fallen asleep.</summary>
    public void Write(in AccessLogRecord record)
    {
        int length = _isJson ? AccessLogFormat.WriteJson(record, _line) : AccessLogFormat.WriteText(record, _line);
        if (length > 0 && _ring.TryWrite(_line.AsSpan(0, length))) _writer.Wake();
    }
}
