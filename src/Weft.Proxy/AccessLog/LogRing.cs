using System;
using Weft.Buffers;
using Weft.Telemetry.AccessLog;

namespace Weft.Proxy.AccessLog;

/// <summary>A loop's ring of log lines: joins the ring of Weft.Buffers to the writer of Weft.Telemetry, which must not see each other.</summary>
internal sealed class LogRing : ILogRing
{
    // A few hundred lines of a usual length, and room for the longest twice over.
    private readonly SpscByteRing _ring = new(256 * 1024);

    public long Dropped => _ring.Dropped;
    public bool TryWrite(ReadOnlySpan<byte> record) => _ring.TryWrite(record);
    public bool TryPeek(out ReadOnlySpan<byte> record) => _ring.TryPeek(out record);
    public void Advance() => _ring.Advance();
}
