using System;
using System.Collections.Generic;
using System.Globalization;

namespace Weft.Config;

/// <summary>
/// One value of an object as written: scalar, sequence or mapping, with its place. Immutable; any thread. YAML and JSON give the same tree, and the tree
/// is what an object keeps beside its typed record, so that fields we do not model survive a round trip through the store.
/// </summary>
public sealed class ResourceNode
{
    private static readonly ResourceNode[] NoItems = [];
    private static readonly NodeEntry[] NoEntries = [];

    private ResourceNode(NodeKind kind, string? text, IReadOnlyList<ResourceNode> items, IReadOnlyList<NodeEntry> entries, int line, int column)
    {
        Kind = kind;
        Text = text ?? "";
        Items = items;
        Entries = entries;
        Line = line;
        Column = column;
    }

    public NodeKind Kind { get; }

    /// <summary>A string's value, a number's JSON literal, <c>true</c> or <c>false</c>; empty for the rest.</summary>
    public string Text { get; }

    /// <summary>The elements of a sequence; empty for the rest.</summary>
    public IReadOnlyList<ResourceNode> Items { get; }

    /// <summary>The fields of a mapping in the order written; empty for the rest. Names are unique: the readers refuse duplicates.</summary>
    public IReadOnlyList<NodeEntry> Entries { get; }

    /// <summary>1-based; 0 when the node came from JSON or was made in code.</summary>
    public int Line { get; }

    /// <summary>1-based; 0 when unknown.</summary>
    public int Column { get; }

    public static ResourceNode Null { get; } = new(NodeKind.Null, null, NoItems, NoEntries, 0, 0);

    /// <summary>The field's value, or null when this is no mapping or has no such field.</summary>
    public ResourceNode? this[string field]
    {
        get
        {
            foreach (NodeEntry entry in Entries)
            {
                if (string.Equals(entry.Name, field, StringComparison.Ordinal))
                {
                    return entry.Value;
                }
            }

            return null;
        }
    }

    public bool IsNull => Kind == NodeKind.Null;

    public static ResourceNode String(string value, int line = 0, int column = 0) => new(NodeKind.String, value, NoItems, NoEntries, line, column);

    public static ResourceNode Boolean(bool value, int line = 0, int column = 0) => new(NodeKind.Boolean, value ? "true" : "false", NoItems, NoEntries, line, column);

    public static ResourceNode Number(long value) => new(NodeKind.Number, value.ToString(CultureInfo.InvariantCulture), NoItems, NoEntries, 0, 0);

    /// <summary>A number kept as its JSON literal, so that nothing is lost by a round trip. The literal must be a valid JSON number.</summary>
    public static ResourceNode NumberLiteral(string literal, int line = 0, int column = 0) => new(NodeKind.Number, literal, NoItems, NoEntries, line, column);

    public static ResourceNode NullAt(int line, int column) => new(NodeKind.Null, null, NoItems, NoEntries, line, column);

    public static ResourceNode Sequence(IReadOnlyList<ResourceNode> items, int line = 0, int column = 0) =>
        new(NodeKind.Sequence, null, items, NoEntries, line, column);

    public static ResourceNode Mapping(IReadOnlyList<NodeEntry> entries, int line = 0, int column = 0) =>
        new(NodeKind.Mapping, null, NoItems, entries, line, column);

    /// <summary>A mapping made in code; entries whose value is null are left out.</summary>
    public static ResourceNode Mapping(params ReadOnlySpan<(string Name, ResourceNode? Value)> fields)
    {
        var entries = new List<NodeEntry>(fields.Length);
        foreach ((string name, ResourceNode? value) in fields)
        {
            if (value is not null)
            {
                entries.Add(new NodeEntry(name, value, 0, 0));
            }
        }

        return Mapping(entries);
    }

    /// <summary>A sequence made in code.</summary>
    public static ResourceNode Sequence(IEnumerable<ResourceNode> items) => Sequence([.. items]);

    /// <summary>A mapping of strings made in code (labels, annotations, data).</summary>
    public static ResourceNode StringMap(IReadOnlyDictionary<string, string> map)
    {
        var entries = new List<NodeEntry>(map.Count);
        foreach ((string name, string value) in map)
        {
            entries.Add(new NodeEntry(name, String(value), 0, 0));
        }

        return Mapping(entries);
    }

    /// <summary>This mapping with one field set (in its old place, else at the end) or, when <paramref name="value"/> is null, removed.</summary>
    public ResourceNode With(string field, ResourceNode? value)
    {
        var entries = new List<NodeEntry>(Entries.Count + 1);
        bool done = false;
        foreach (NodeEntry entry in Entries)
        {
            if (!string.Equals(entry.Name, field, StringComparison.Ordinal))
            {
                entries.Add(entry);
            }
            else if (value is not null)
            {
                entries.Add(entry with { Value = value });
                done = true;
            }
        }

        if (value is not null && !done)
        {
            entries.Add(new NodeEntry(field, value, 0, 0));
        }

        return Mapping(entries, Line, Column);
    }

    public static implicit operator ResourceNode(string value) => String(value);

    public static implicit operator ResourceNode(bool value) => Boolean(value);

    public static implicit operator ResourceNode(int value) => Number(value);

    public static implicit operator ResourceNode(long value) => Number(value);

    public static ResourceNode FromString(string value) => String(value);

    public static ResourceNode FromBoolean(bool value) => Boolean(value);

    public static ResourceNode FromInt32(int value) => Number(value);

    public static ResourceNode FromInt64(long value) => Number(value);
}
