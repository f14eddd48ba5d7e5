namespace Weft.Xds.Wire;

/// <summary>A row of messages.txt.</summary>
internal sealed class FieldInfo(int number, string name, FieldHandling handling, FieldKind kind, bool isRepeated, bool isMap, string reference)
{
    public int Number { get; } = number;

    public string Name { get; } = name;

    public FieldHandling Handling { get; } = handling;

    public FieldKind Kind { get; } = kind;

    public bool IsRepeated { get; } = isRepeated;

    /// <summary>map&lt;string, Kind&gt;: on the wire a repeated message of key 1 and value 2.</summary>
    public bool IsMap { get; } = isMap;

    /// <summary>Short name of the message, or of the slot of an Any.</summary>
    public string Reference { get; } = reference;

    /// <summary>Set for messages.</summary>
    public MessageInfo? Message { get; set; }

    /// <summary>Set for an Any.</summary>
    public AnySlot? Slot { get; set; }

    public bool IsPackable => IsRepeated && Kind is FieldKind.Bool or FieldKind.Int32 or FieldKind.UInt32 or FieldKind.Int64 or FieldKind.UInt64 or FieldKind.Enum;
}
