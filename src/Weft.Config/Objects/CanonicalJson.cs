using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Weft.Config;

/// <summary>One text for one meaning: names in ordinal order, numbers in their shortest form, null fields left out, no spaces. What digests are made of.</summary>
public static class CanonicalJson
{
    internal static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Writes a tree canonically.</summary>
    public static void Write(Utf8JsonWriter writer, ResourceNode node)
    {
        switch (node.Kind)
        {
            case NodeKind.Mapping:
                writer.WriteStartObject();
                foreach (NodeEntry entry in Sorted(node.Entries))
                {
                    if (!entry.Value.IsNull)
                    {
                        writer.WritePropertyName(entry.Name);
                        Write(writer, entry.Value);
                    }
                }

                writer.WriteEndObject();
                break;
            case NodeKind.Sequence:
                writer.WriteStartArray();
                foreach (ResourceNode item in node.Items)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case NodeKind.Number:
                writer.WriteRawValue(Number(node.Text), skipInputValidation: true);
                break;
            default:
                WriteScalar(writer, node);
                break;
        }
    }

    /// <summary>Writes a tree as it is: fields in their order, numbers by their literal.</summary>
    internal static void WriteAsIs(Utf8JsonWriter writer, ResourceNode node)
    {
        switch (node.Kind)
        {
            case NodeKind.Mapping:
                writer.WriteStartObject();
                foreach (NodeEntry entry in node.Entries)
                {
                    writer.WritePropertyName(entry.Name);
                    WriteAsIs(writer, entry.Value);
                }

                writer.WriteEndObject();
                break;
            case NodeKind.Sequence:
                writer.WriteStartArray();
                foreach (ResourceNode item in node.Items)
                {
                    WriteAsIs(writer, item);
                }

                writer.WriteEndArray();
                break;
            case NodeKind.Number:
                writer.WriteRawValue(node.Text, skipInputValidation: true);
                break;
            default:
                WriteScalar(writer, node);
                break;
        }
    }

    private static void WriteScalar(Utf8JsonWriter writer, ResourceNode node)
    {
        if (node.Kind == NodeKind.String)
        {
            writer.WriteStringValue(node.Text);
        }
        else if (node.Kind == NodeKind.Boolean)
        {
            writer.WriteBooleanValue(node.Text == "true");
        }
        else
        {
            writer.WriteNullValue();
        }
    }

    private static string Number(string literal)
    {
        if (decimal.TryParse(literal, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal exact) && (exact != 0 || IsZero(literal)))
        {
            return exact.ToString("G29", CultureInfo.InvariantCulture);
        }

        return double.TryParse(literal, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value.ToString("R", CultureInfo.InvariantCulture)
            : literal;
    }

    /// <summary>decimal reads 1e-40 as zero without a word; only a text without another digit is zero.</summary>
    private static bool IsZero(string literal)
    {
        int exponent = literal.AsSpan().IndexOfAny('e', 'E');
        return (exponent < 0 ? literal : literal.AsSpan(0, exponent)).IndexOfAnyInRange('1', '9') < 0;
    }

    private static List<NodeEntry> Sorted(IReadOnlyList<NodeEntry> entries)
    {
        var sorted = new List<NodeEntry>(entries);
        sorted.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        return sorted;
    }
}
