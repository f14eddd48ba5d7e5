namespace Weft.Config;

/// <summary>Who wrote what is read, which decides what a stranger field means.</summary>
public sealed record ReadOptions
{
    /// <summary>A person's file: unknown fields of kinds whose schema we have are errors, as with <c>kubectl apply</c>.</summary>
    public static ReadOptions FromFile { get; } = new() { IsFile = true };

    /// <summary>A list or watch: an API server already checked the schema, core kinds have many fields that are none of our business.</summary>
    public static ReadOptions FromApi { get; } = new();

    public bool IsFile { get; init; }

    /// <summary>Name to report in diagnostics.</summary>
    public string? File { get; init; }

    /// <summary>Namespace of namespaced objects that name none (kubectl's <c>-n</c>).</summary>
    public string DefaultNamespace { get; init; } = "default";

    public ReadLimits Limits { get; init; } = ReadLimits.Default;

    internal ObjectMeta? Metadata { get; init; }
}
