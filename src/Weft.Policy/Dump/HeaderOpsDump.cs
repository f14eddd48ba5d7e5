using System.Text;
using Weft.Policy.Blocks;
using Weft.Policy.Model;

namespace Weft.Policy.Dump;

/// <summary>Header operations of one level, format strings put together again.</summary>
internal static class HeaderOpsDump
{
    public static void Write(DumpWriter writer, Run requestOps, Run responseOps)
    {
        Write(writer, requestOps, "request_headers_to_");
        Write(writer, responseOps, "response_headers_to_");
    }

    private static void Write(DumpWriter writer, Run ops, string prefix)
    {
        int removes = 0;
        foreach (ref readonly HeaderOpRecord op in writer.Block.HeaderOps(ops))
            removes += op.IsRemove;
        if (ops.Count > removes)
        {
            writer.Json.WriteStartArray(prefix + "add");
            foreach (ref readonly HeaderOpRecord op in writer.Block.HeaderOps(ops))
            {
                if (op.IsRemove == 0)
                    Add(writer, op);
            }

            writer.Json.WriteEndArray();
        }

        if (removes == 0)
            return;
        writer.Json.WriteStartArray(prefix + "remove");
        foreach (ref readonly HeaderOpRecord op in writer.Block.HeaderOps(ops))
        {
            if (op.IsRemove == 1)
                writer.Json.WriteStringValue(writer.Block.Utf8(op.Name));
        }

        writer.Json.WriteEndArray();
    }

    private static void Add(DumpWriter writer, in HeaderOpRecord op)
    {
        writer.Json.WriteStartObject();
        writer.Json.WriteStartObject("header");
        writer.Text("key", op.Name);
        if (op.Segments.IsEmpty)
            writer.Json.WriteString("value", writer.Block.Utf8(op.Literal));
        else
            writer.Json.WriteString("value", Format(writer.Block, op.Segments));
        writer.Json.WriteEndObject();
        if (op.Action != HeaderAppendAction.AppendIfExistsOrAdd)
            writer.Json.WriteString("append_action", Name(op.Action));
        writer.Flag("keep_empty_value", op.KeepEmptyValue == 1);
        writer.Json.WriteEndObject();
    }

    private static string Name(HeaderAppendAction action) => action switch
    {
        HeaderAppendAction.AddIfAbsent => "ADD_IF_ABSENT",
        HeaderAppendAction.OverwriteIfExistsOrAdd => "OVERWRITE_IF_EXISTS_OR_ADD",
        HeaderAppendAction.OverwriteIfExists => "OVERWRITE_IF_EXISTS",
        _ => "APPEND_IF_EXISTS_OR_ADD",
    };

    private static string Format(BlockView block, Run segments)
    {
        var text = new StringBuilder();
        foreach (ref readonly FormatSegmentRecord segment in block.FormatSegments(segments))
        {
            if (segment.Operator == FormatOperator.Literal)
            {
                text.Append(block.String(segment.Argument).Replace("%", "%%", System.StringComparison.Ordinal));
                continue;
            }

            text.Append('%').Append(DumpNames.Upper(segment.Operator.ToString()));
            if (!segment.Argument.IsEmpty)
                text.Append('(').Append(block.String(segment.Argument)).Append(segment.Alternative.IsEmpty ? "" : "?" + block.String(segment.Alternative)).Append(')');
            if (segment.MaxLength > 0)
                text.Append(':').Append(segment.MaxLength);
            text.Append('%');
        }

        return text.ToString();
    }
}
