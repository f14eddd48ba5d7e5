using System;

namespace Weft.Telemetry.AccessLog;

/// <summary>
/// Records of bytes from one loop to the log writer: Weft.Buffers' SpscByteRing has this shape (this room may not see it, the proxy joins the two).
/// </summary>
public interface ILogRing
{
    /// <summary>Records dropped for want of room. Any thread.</summary>
    long Dropped { get; }

    /// <summary>Copies one record in, or drops and counts it. Loop thread only.</summary>
    bool TryWrite(ReadOnlySpan<byte> record);

    /// <summary>The oldest record, in place. Writer thread only.</summary>
    bool TryPeek(out ReadOnlySpan<byte> record);

    /// <summary>Gives the room of the peeked record back. Writer thread only.</summary>
    void Advance();
}
