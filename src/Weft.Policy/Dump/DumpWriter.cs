using System;
using System.Globalization;
using System.Text.Json;
using Weft.Policy.Blocks;

namespace Weft.Policy.Dump;

/// <summary>Proto-JSON habits over one block: snake_case names as given, nothing written for what is unset, durations as <c>1.5s</c>.</summary>
internal readonly ref struct DumpWriter(Utf8JsonWriter json, BlockView block)
{
    private const string TypePrefix = "type.googleapis.com/";

    public Utf8JsonWriter Json { get; } = json;

    public BlockView Block { get; } = block;

    public void Type(string name) => Json.WriteString("@type", TypePrefix + name);

    public void Text(string name, Text text)
    {
        if (!text.IsEmpty)
            Json.WriteString(name, Block.Utf8(text));
    }

    public void Text(string name, NameRef reference) => Text(name, reference.Text);

    public void Flag(string name, bool value)
    {
        if (value)
            Json.WriteBoolean(name, true);
    }

    public void Number(string name, long value)
    {
        if (value != 0)
            Json.WriteNumber(name, value);
    }

    public void Duration(string name, TimeLimit limit)
    {
        if (limit.IsSet)
            Json.WriteString(name, Duration(limit.Value));
    }

    public void Texts(string name, Run run)
    {
        if (run.IsEmpty)
            return;
        Json.WriteStartArray(name);
        foreach (Text text in Block.Texts(run))
            Json.WriteStringValue(Block.Utf8(text));
        Json.WriteEndArray();
    }

    public void Pairs(string name, Run run)
    {
        Json.WriteStartObject(name);
        foreach (ref readonly PairRecord pair in Block.Pairs(run))
            Json.WriteString(Block.Utf8(pair.Key), Block.Utf8(pair.Value));
        Json.WriteEndObject();
    }

    /// <summary>A name under a key: <c>"sds_config"</c>-like wrappers that hold one string.</summary>
    public void Secret(string name, NameRef secret, bool isArray)
    {
        if (secret.IsEmpty)
            return;
        if (isArray)
            Json.WriteStartArray(name);
        else
            Json.WritePropertyName(name);
        Json.WriteStartObject();
        Text("name", secret);
        Json.WriteEndObject();
        if (isArray)
            Json.WriteEndArray();
    }

    /// <summary>The provenance of a thing as typed metadata, inside an open <c>metadata</c> object or as one of its own.</summary>
    public void Provenance(Run origins)
    {
        if (origins.IsEmpty)
            return;
        Json.WriteStartObject("metadata");
        TypedProvenance(origins);
        Json.WriteEndObject();
    }

    public void TypedProvenance(Run origins)
    {
        if (origins.IsEmpty)
            return;
        Json.WriteStartObject("typed_filter_metadata");
        Json.WriteStartObject("weft.dev/provenance");
        Type("weft.v1.Provenance");
        Json.WriteStartArray("origins");
        foreach (ref readonly OriginRecord origin in Block.OriginRecords(origins))
        {
            Json.WriteStartObject();
            Text("aspect", origin.Aspect);
            Text("kind", origin.Kind);
            Text("namespace", origin.Namespace);
            Text("name", origin.Name);
            Text("field_path", origin.FieldPath);
            Json.WriteEndObject();
        }

        Json.WriteEndArray();
        Json.WriteEndObject();
        Json.WriteEndObject();
    }

    public void Address(string name, IpAddress address, int port)
    {
        Json.WriteStartObject(name);
        Json.WriteStartObject("socket_address");
        Json.WriteString("address", address.ToString());
        Json.WriteNumber("port_value", port);
        Json.WriteEndObject();
        Json.WriteEndObject();
    }

    private static string Duration(TimeSpan value)
        => ((decimal)value.Ticks / TimeSpan.TicksPerSecond).ToString("0.#######", CultureInfo.InvariantCulture) + "s";
}
