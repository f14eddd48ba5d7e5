using System;
using Weft.Buffers;
using Weft.Telemetry.AccessLog;

namespace Weft.Telemetry.Tests.AccessLog;

/// <summary>The real ring behind the seam, as the proxy joins them.</summary>
internal sealed class BufferRing(int capacity) : ILogRing
{
    private readonly SpscByteRing _ring = new(capacity);

    public long Dropped => _ring.Dropped;

    public bool TryWrite(ReadOnlySpan<byte> record) => _ring.TryWrite(record);

    public bool TryPeek(out ReadOnlySpan<byte> record) => _ring.TryPeek(out record);

    public void Advance() => _ring.Advance();
}
