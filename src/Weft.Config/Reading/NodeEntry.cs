namespace Weft.Config;

/// <summary>A field of a mapping: its name, where the name stands (that is the line an error about the field should point to), and its value.</summary>
public readonly record struct NodeEntry(string Name, ResourceNode Value, int Line, int Column);
