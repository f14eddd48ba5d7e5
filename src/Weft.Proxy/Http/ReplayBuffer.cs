using System;
using Weft.Buffers;
using Weft.Proxy.Pool;
using Weft.Reactor;

namespace Weft.Proxy.Http;

/// <summary>
/// The request as it goes upstream, kept as long as it may have to be sent (again): its head without the last lines, then its body as framed.
/// Bounded by <see cref="Limit"/>; beyond it the request can no longer be retried and what is sent is forgotten. A field of its owner.
/// </summary>
internal struct ReplayBuffer
{
    /// <summary>64 KiB: Envoy's retry_shadow_buffer_limit is 1 MiB, but a sidecar holds this for each request that waits; a row in docs/differences.md.</summary>
    public const int Limit = 64 * 1024;
    private ByteQueue _bytes;
    private int _headLength;

    public readonly int Length => _bytes.Length;
    public readonly int HeadLength => _headLength;
    public readonly bool IsFull => _bytes.Length - _headLength >= Limit;

    /// <summary>Starts with a head that lacks its attempt count and the empty line.</summary>
    public void Begin(SlabPool slabs, ReadOnlySpan<byte> head)
    {
        _bytes.Clear(slabs);
        _bytes.Append(slabs, head);
        _headLength = head.Length;
    }

    public void Append(SlabPool slabs, ReadOnlySpan<byte> bytes) => _bytes.Append(slabs, bytes);

    /// <summary>Sends everything, with <paramref name="headEnd"/> where the head ends.</summary>
    public readonly SendStatus SendTo(UpstreamLink link, ReadOnlySpan<byte> headEnd)
    {
        int head = _headLength;
        var status = SendStatus.Taken;
        for (int i = 0; ; i++)
        {
            var piece = _bytes.Piece(i);
            if (piece.IsEmpty) break;
            if (head >= 0 && piece.Length >= head)
            {
                if (head > 0) status = link.Send(piece[..head]);
                status = link.Send(headEnd);
                piece = piece[head..];
                head = -1;
                if (piece.IsEmpty) continue;
            }
            else if (head > 0)
            {
                head -= piece.Length;
            }
            status = link.Send(piece);
            if (status == SendStatus.Closed) return status;
        }
        return status;
    }

    public void Clear(SlabPool slabs)
    {
        _bytes.Clear(slabs);
        _headLength = 0;
    }
}
