using System;
using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Weft.Config;

namespace Weft.Store;

/// <summary>Answers and watch lines as Kubernetes writes them. Pure.</summary>
internal static class ApiJson
{
    internal const string MediaType = "application/json";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    internal static ApiAnswer Object(Resource resource, string apiVersion) => Ok(writer => ResourceJson.Write(writer, resource, apiVersion));

    internal static ApiAnswer List(KindInfo kind, string apiVersion, ListResult list) => Ok(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("kind"u8, kind.ListKind);
        writer.WriteString("apiVersion"u8, apiVersion);
        writer.WriteStartObject("metadata"u8);
        writer.WriteString("resourceVersion"u8, list.Revision.ToString(CultureInfo.InvariantCulture));
        writer.WriteEndObject();
        writer.WriteStartArray("items"u8);
        foreach (Resource resource in list.Items)
        {
            ResourceJson.Write(writer, resource, apiVersion);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    internal static ApiAnswer Status(int code, string reason, string message) => Answer(code, writer => WriteStatus(writer, code, reason, message));

    internal static ApiAnswer Ok(Action<Utf8JsonWriter> write) => Answer(200, write);

    internal static ApiAnswer Answer(int code, Action<Utf8JsonWriter> write) => new(code, MediaType, Bytes(write, isLine: false), null);

    internal static ReadOnlyMemory<byte> EventLine(WatchEventType type, Resource resource, string apiVersion) => Line(Word(type), writer => ResourceJson.Write(writer, resource, apiVersion));

    internal static ReadOnlyMemory<byte> BookmarkLine(KindInfo kind, string apiVersion, long revision) => Line("BOOKMARK", writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("kind"u8, kind.Kind);
        writer.WriteString("apiVersion"u8, apiVersion);
        writer.WriteStartObject("metadata"u8);
        writer.WriteString("resourceVersion"u8, revision.ToString(CultureInfo.InvariantCulture));
        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    internal static ReadOnlyMemory<byte> GoneLine(string message) => Line("ERROR", writer => WriteStatus(writer, 410, "Expired", message));

    private static ReadOnlyMemory<byte> Line(string type, Action<Utf8JsonWriter> writeObject) => Bytes(
        writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, type);
            writer.WritePropertyName("object"u8);
            writeObject(writer);
            writer.WriteEndObject();
        },
        isLine: true);

    private static void WriteStatus(Utf8JsonWriter writer, int code, string reason, string message)
    {
        writer.WriteStartObject();
        writer.WriteString("kind"u8, "Status");
        writer.WriteString("apiVersion"u8, "v1");
        writer.WriteStartObject("metadata"u8);
        writer.WriteEndObject();
        writer.WriteString("status"u8, "Failure");
        writer.WriteString("message"u8, message);
        writer.WriteString("reason"u8, reason);
        writer.WriteNumber("code"u8, code);
        writer.WriteEndObject();
    }

    private static byte[] Bytes(Action<Utf8JsonWriter> write, bool isLine)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            write(writer);
        }

        if (isLine)
        {
            buffer.Write("\n"u8);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static string Word(WatchEventType type) => type switch
    {
        WatchEventType.Added => "ADDED",
        WatchEventType.Modified => "MODIFIED",
        WatchEventType.Deleted => "DELETED",
        _ => "BOOKMARK",
    };
}
