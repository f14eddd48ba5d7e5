using System;
using System.Collections.Generic;
using Weft.Xds.Wire;
using Fields = Weft.Xds.Proto.Config.Core.V3.Node;

namespace Weft.Xds.Delta;

/// <summary>core.v3.Node as bytes: who we are, and which dialect and contract we enforce (design section 4).</summary>
public static class NodeMessage
{
    /// <summary>The contract whose fields this build enforces; a control plane never sends more.</summary>
    public const string Contract = "1";

    public static byte[] Write(
        string id, string cluster, IReadOnlyDictionary<string, string> metadata, IReadOnlyDictionary<string, string> labels, string userAgentVersion)
    {
        var node = new WireWriter();
        node.Text(Fields.IdFieldNumber, id);
        node.Text(Fields.ClusterFieldNumber, cluster);
        node.Message(Fields.MetadataFieldNumber, Metadata(metadata, labels));
        node.Text(Fields.UserAgentNameFieldNumber, "weft-proxy");
        node.Text(Fields.UserAgentVersionFieldNumber, userAgentVersion);
        return node.ToArray();
    }

    private static WireWriter Metadata(IReadOnlyDictionary<string, string> metadata, IReadOnlyDictionary<string, string> labels)
    {
        // Sorted, so that the same node has the same bytes.
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["WEFT_DIALECT"] = "weft", ["WEFT_CONTRACT"] = Contract };
        foreach (var (key, value) in metadata) all[key] = value;
        var fields = new WireWriter();
        foreach (var (key, value) in all) Field(fields, key, TextValue(value));
        if (labels.Count == 0) return fields;
        var nested = new WireWriter();
        foreach (var (key, value) in new SortedDictionary<string, string>(Copy(labels), StringComparer.Ordinal)) Field(nested, key, TextValue(value));
        var structure = new WireWriter();
        structure.Message(5, nested);
        Field(fields, "LABELS", structure);
        return fields;
    }

    private static Dictionary<string, string> Copy(IReadOnlyDictionary<string, string> labels)
    {
        var copy = new Dictionary<string, string>(labels.Count);
        foreach (var (key, value) in labels) copy[key] = value;
        return copy;
    }

    /// <summary>Struct.fields is map&lt;string, Value&gt; 1.</summary>
    private static void Field(WireWriter into, string key, WireWriter value)
    {
        var entry = new WireWriter();
        entry.Text(1, key);
        entry.Message(2, value);
        into.Message(1, entry);
    }

    /// <summary>Value.string_value is 3, and written even when empty: a Value must have a kind.</summary>
    private static WireWriter TextValue(string text)
    {
        var value = new WireWriter();
        value.Bytes(3, System.Text.Encoding.UTF8.GetBytes(text));
        return value;
    }
}
