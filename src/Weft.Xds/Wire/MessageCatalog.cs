using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace Weft.Xds.Wire;

/// <summary>All messages that the proxy understands, read once from messages.txt. The table is ours and a test reads it, so a mistake in it throws.</summary>
internal sealed class MessageCatalog
{
    private readonly Dictionary<string, string> _packages = [];
    private readonly Dictionary<string, AnySlot> _slots = [];
    private readonly Dictionary<string, MessageInfo> _messages = [];
    private readonly List<(AnySlot Slot, string Message)> _members = [];

    private MessageCatalog()
    {
    }

    public static MessageCatalog Shared { get; } = Read();

    public IEnumerable<MessageInfo> Messages => _messages.Values;

    /// <summary>By the short name that messages.txt uses, for example <c>route.VirtualHost</c>.</summary>
    public MessageInfo this[string shortName] => _messages[shortName];

    private static MessageCatalog Read()
    {
        var catalog = new MessageCatalog();
        using var stream = typeof(MessageCatalog).Assembly.GetManifestResourceStream("messages.txt")!;
        using var reader = new StreamReader(stream);
        MessageInfo? current = null;
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#') continue;
            current = catalog.ReadLine(line.Split(' '), current);
        }

        catalog.Link();
        return catalog;
    }

    private MessageInfo? ReadLine(string[] words, MessageInfo? current)
    {
        switch (words[0])
        {
            case "package":
                _packages.Add(words[1], words[2]);
                return null;
            case "slot":
                AddSlot(words, 1, isOpen: false);
                return null;
            case "open":
                AddSlot(words, 2, isOpen: true);
                return null;
            case "message":
                var dot = words[1].IndexOf('.', StringComparison.Ordinal);
                var message = new MessageInfo(_packages[words[1][..dot]] + words[1][dot..]);
                _messages.Add(words[1], message);
                return message;
            default:
                current!.Add(ReadField(words));
                return current;
        }
    }

    private void AddSlot(string[] words, int name, bool isOpen)
    {
        var slot = new AnySlot(words[name], isOpen);
        _slots.Add(words[name], slot);
        for (var i = name + 1; i < words.Length; i++) _members.Add((slot, words[i]));
    }

    private static FieldInfo ReadField(string[] words)
    {
        var handling = words[0][0] switch
        {
            '-' => FieldHandling.Harmless,
            '?' => FieldHandling.RefusedUnlessDefault,
            '!' => FieldHandling.Refused,
            _ => FieldHandling.Enforced,
        };
        var number = int.Parse(handling == FieldHandling.Enforced ? words[0] : words[0].AsSpan(1), CultureInfo.InvariantCulture);
        if (handling != FieldHandling.Enforced) return new FieldInfo(number, words[1], handling, FieldKind.Bytes, false, false, "");
        var isMap = words[2] == "map";
        var kindText = isMap ? words[3] : words[2];
        var isRepeated = kindText.EndsWith('*');
        if (isRepeated) kindText = kindText[..^1];
        var (kind, reference) = ReadKind(kindText);
        return new FieldInfo(number, words[1], handling, kind, isRepeated, isMap, reference);
    }

    private static (FieldKind Kind, string Reference) ReadKind(string text) => text switch
    {
        "bool" => (FieldKind.Bool, ""),
        "i32" => (FieldKind.Int32, ""),
        "u32" => (FieldKind.UInt32, ""),
        "i64" => (FieldKind.Int64, ""),
        "u64" => (FieldKind.UInt64, ""),
        "enum" => (FieldKind.Enum, ""),
        "double" => (FieldKind.Double, ""),
        "string" => (FieldKind.Text, ""),
        "bytes" => (FieldKind.Bytes, ""),
        "struct" => (FieldKind.Struct, ""),
        _ => text.StartsWith("any:", StringComparison.Ordinal) ? (FieldKind.Any, text[4..]) : (FieldKind.Message, text),
    };

    private void Link()
    {
        foreach (var message in _messages.Values)
        {
            foreach (var field in message.Fields)
            {
                if (field.Kind == FieldKind.Any) field.Slot = _slots[field.Reference];
                else if (field.Kind == FieldKind.Message) field.Message = _messages[field.Reference];
            }
        }

        foreach (var (slot, name) in _members) slot.Add(_messages[name]);
    }
}
