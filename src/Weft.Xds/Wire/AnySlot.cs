using System;
using System.Collections.Generic;
using System.Text;

namespace Weft.Xds.Wire;

/// <summary>What an Any may hold at one place. An open slot carries data for others, so unknown types there are ignored.</summary>
internal sealed class AnySlot(string name, bool isOpen)
{
    private readonly List<(byte[] Name, MessageInfo Message)> _types = [];

    public string Name { get; } = name;

    public bool IsOpen { get; } = isOpen;

    public void Add(MessageInfo message) => _types.Add((Encoding.UTF8.GetBytes(message.FullName), message));

    /// <summary>By type URL; what is before the last slash does not matter (google/protobuf/any.proto).</summary>
    public MessageInfo? Find(ReadOnlySpan<byte> typeUrl)
    {
        var name = typeUrl[(typeUrl.LastIndexOf((byte)'/') + 1)..];
        foreach (var (known, message) in _types)
        {
            if (name.SequenceEqual(known)) return message;
        }

        return null;
    }
}
