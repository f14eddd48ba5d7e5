using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Numerics;
using System.Text;

namespace Weft.Store;

/// <summary>
/// One record: length of the payload and its CRC-32C (4 bytes each, little endian), then the payload: count, and per change key, presence and value with
/// their lengths. Pure; decoding never throws.
/// </summary>
internal static class JournalRecord
{
    private const int Header = 8;

    internal static ReadOnlySpan<byte> Magic => "WEFTJRN1"u8;

    internal static int Size(string key, int valueLength) => Encoding.UTF8.GetByteCount(key) + valueLength + 12;

    internal static byte[] Encode(IReadOnlyList<KeyValuePair<string, ReadOnlyMemory<byte>?>> changes)
    {
        var payload = new ArrayBufferWriter<byte>(256);
        Number(payload, changes.Count);
        foreach ((string key, ReadOnlyMemory<byte>? value) in changes)
        {
            byte[] name = Encoding.UTF8.GetBytes(key);
            Number(payload, name.Length);
            payload.Write(name);
            Number(payload, value?.Length ?? -1);
            payload.Write(value is { } present ? present.Span : default);
        }

        byte[] record = new byte[Header + payload.WrittenCount];
        BinaryPrimitives.WriteInt32LittleEndian(record, payload.WrittenCount);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(4), Crc(payload.WrittenSpan));
        payload.WrittenSpan.CopyTo(record.AsSpan(Header));
        return record;
    }

    /// <summary>Reads the record at the start of <paramref name="input"/>; false when it is not whole.</summary>
    internal static bool TryDecode(ReadOnlySpan<byte> input, out int length, out List<KeyValuePair<string, ReadOnlyMemory<byte>?>> changes)
    {
        length = 0;
        changes = [];
        if (input.Length < Header)
        {
            return false;
        }

        int size = BinaryPrimitives.ReadInt32LittleEndian(input);
        if (size < 0 || size > input.Length - Header)
        {
            return false;
        }

        ReadOnlySpan<byte> payload = input.Slice(Header, size);
        if (Crc(payload) != BinaryPrimitives.ReadUInt32LittleEndian(input[4..]))
        {
            return false;
        }

        length = Header + size;
        return TryDecodePayload(payload, changes);
    }

    private static bool TryDecodePayload(ReadOnlySpan<byte> rest, List<KeyValuePair<string, ReadOnlyMemory<byte>?>> changes)
    {
        if (!TryNumber(ref rest, out int count))
        {
            return false;
        }

        for (int i = 0; i < count; i++)
        {
            if (!TryNumber(ref rest, out int keyLength) || keyLength < 0 || keyLength > rest.Length)
            {
                return false;
            }

            string key = Encoding.UTF8.GetString(rest[..keyLength]);
            rest = rest[keyLength..];
            if (!TryNumber(ref rest, out int valueLength) || valueLength < -1 || valueLength > rest.Length)
            {
                return false;
            }

            // The cast is needed: "absent ? null : array" is an array, and a null array becomes an empty value instead of none.
            changes.Add(new(key, valueLength < 0 ? (ReadOnlyMemory<byte>?)null : rest[..valueLength].ToArray()));
            rest = rest[Math.Max(0, valueLength)..];
        }

        return true;
    }

    private static void Number(ArrayBufferWriter<byte> payload, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(payload.GetSpan(4), value);
        payload.Advance(4);
    }

    private static bool TryNumber(ref ReadOnlySpan<byte> rest, out int value)
    {
        bool isThere = BinaryPrimitives.TryReadInt32LittleEndian(rest, out value);
        rest = isThere ? rest[4..] : rest;
        return isThere;
    }

    /// <summary>CRC-32C; the seed makes a block of zeros wrong, which is what a file system may leave behind after a crash.</summary>
    private static uint Crc(ReadOnlySpan<byte> data)
    {
        uint crc = 0xFFFF_FFFF;
        while (data.Length >= 8)
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
            data = data[8..];
        }

        foreach (byte b in data)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return ~crc;
    }
}
