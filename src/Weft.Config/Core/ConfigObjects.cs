using System;
using System.Collections.Generic;

namespace Weft.Config.Core;

/// <summary>A Secret. Its values never appear in a diagnostic or a log.</summary>
public sealed record Secret
{
    public string Type { get; init; } = "Opaque";

    /// <summary>Decoded values of <c>data</c> and <c>stringData</c> (which wins).</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Data { get; init; } = new Dictionary<string, ReadOnlyMemory<byte>>();

    public override string ToString() => $"Secret {{ Type = {Type}, Keys = {Data.Count} }}";
}

/// <summary>A ServiceAccount: its name is the identity.</summary>
public sealed record ServiceAccount;

public sealed record ConfigMap
{
    public IReadOnlyDictionary<string, string> Data { get; init; } = EmptyMap.OfStrings;

    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> BinaryData { get; init; } = new Dictionary<string, ReadOnlyMemory<byte>>();
}
