using System;
using System.Buffers.Binary;
using System.Numerics;
using Weft.Policy.Snapshot;

namespace Weft.Policy.Decide;

/// <summary>
/// Chance that can be replayed: a draw is SipHash-2-4 of (mesh key; request id, id of what decides, attempt). The proxy and
/// <c>weft explain</c> get the same number for the same request; different deciders and attempts get independent ones.
/// </summary>
public static class Draw
{
    /// <summary>64 uniform bits.</summary>
    /// <param name="key">The snapshot's.</param>
    /// <param name="requestId">x-request-id as forwarded; for TCP the connection's id.</param>
    /// <param name="decidingId">Stable id of the route or cluster: of its name, not its place in memory.</param>
    /// <param name="attempt">0 for the first try.</param>
    public static ulong Of(in MeshKey key, ReadOnlySpan<byte> requestId, ulong decidingId, uint attempt)
    {
        var state = new SipState(key.A, key.B);
        ReadOnlySpan<byte> rest = requestId;
        while (rest.Length >= 8)
        {
            state.Compress(BinaryPrimitives.ReadUInt64LittleEndian(rest));
            rest = rest[8..];
        }

        ulong tail = 0;
        for (int i = 0; i < rest.Length; i++)
            tail |= (ulong)rest[i] << (8 * i);
        state.Compress(tail | (ulong)rest.Length << 56);
        state.Compress(decidingId);
        state.Compress(attempt | (ulong)(uint)requestId.Length << 32);
        return state.Finish();
    }

    /// <summary>An endpoint draw: the same, moved on by the loop's sequence for that cluster, which the decision record keeps.</summary>
    public static ulong WithSequence(ulong draw, uint sequence) => Mix(draw ^ ((ulong)sequence * 0x9E37_79B9_7F4A_7C15));

    /// <summary>Maps a draw onto [0, <paramref name="bound"/>) without bias that any sample could show.</summary>
    public static ulong Below(ulong draw, ulong bound) => Math.BigMul(draw, bound, out _);

    /// <summary>A finaliser (splitmix64): independent bits from nearby inputs.</summary>
    internal static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }

    private ref struct SipState(ulong k0, ulong k1)
    {
        private ulong _v0 = k0 ^ 0x736f_6d65_7073_6575;
        private ulong _v1 = k1 ^ 0x646f_7261_6e64_6f6d;
        private ulong _v2 = k0 ^ 0x6c79_6765_6e65_7261;
        private ulong _v3 = k1 ^ 0x7465_6462_7974_6573;

        public void Compress(ulong word)
        {
            _v3 ^= word;
            Round();
            Round();
            _v0 ^= word;
        }

        public ulong Finish()
        {
            _v2 ^= 0xff;
            Round();
            Round();
            Round();
            Round();
            return _v0 ^ _v1 ^ _v2 ^ _v3;
        }

        private void Round()
        {
            _v0 += _v1;
            _v1 = BitOperations.RotateLeft(_v1, 13) ^ _v0;
            _v0 = BitOperations.RotateLeft(_v0, 32);
            _v2 += _v3;
            _v3 = BitOperations.RotateLeft(_v3, 16) ^ _v2;
            _v0 += _v3;
            _v3 = BitOperations.RotateLeft(_v3, 21) ^ _v0;
            _v2 += _v1;
            _v1 = BitOperations.RotateLeft(_v1, 17) ^ _v2;
            _v2 = BitOperations.RotateLeft(_v2, 32);
        }
    }
}
