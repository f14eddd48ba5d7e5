using System;
using System.IO;
using System.Text;
using System.Text.Json;

namespace Weft.CommandLine.Output;

/// <summary>Writes one indented JSON value to a text stream, without reflection (Native AOT).</summary>
internal static class JsonOutput
{
    public static void Write(TextWriter output, Action<Utf8JsonWriter> write)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, new() { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            write(json);
        }

        output.WriteLine(Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length));
    }

    /// <summary>Prints an answer of the control plane or a proxy as it came, indented.</summary>
    public static void Write(TextWriter output, JsonDocument document) => Write(output, document.RootElement.WriteTo);
}
