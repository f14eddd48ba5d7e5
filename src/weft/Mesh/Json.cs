using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;

namespace Weft.CommandLine.Mesh;

/// <summary>Short ways into JSON that may lack what is asked for.</summary>
internal static class Json
{
    /// <summary>The value at a dotted path, or undefined.</summary>
    public static JsonElement At(this JsonElement element, string path)
    {
        foreach (string name in path.Split('.'))
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return default;
            }
        }

        return element;
    }

    /// <summary>Strings as they are, numbers and booleans as written, nothing as "".</summary>
    public static string Text(this JsonElement element, string path = "")
    {
        JsonElement value = path.Length == 0 ? element : element.At(path);
        return value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => "",
        };
    }

    /// <summary>The elements of an array, or none.</summary>
    public static IEnumerable<JsonElement> List(this JsonElement element, string path)
    {
        JsonElement value = element.At(path);
        return value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];
    }

    /// <summary>The members of an object, or none.</summary>
    public static IEnumerable<JsonProperty> Members(this JsonElement element, string path)
    {
        JsonElement value = path.Length == 0 ? element : element.At(path);
        return value.ValueKind == JsonValueKind.Object ? value.EnumerateObject() : Enumerable.Empty<JsonProperty>();
    }

    public static double Number(this JsonElement element, string path) =>
        double.TryParse(element.Text(path), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : 0;
}
