using System.Collections.Generic;
using System.Collections.Immutable;

namespace Weft.Control.Model;

/// <summary>Set, add and remove for the headers of one direction. Order as written.</summary>
public sealed record HeaderOperations
{
    public static HeaderOperations None { get; } = new();

    public ImmutableArray<KeyValuePair<string, string>> Set { get; init; } = [];

    public ImmutableArray<KeyValuePair<string, string>> Add { get; init; } = [];

    public ImmutableArray<string> Remove { get; init; } = [];

    public bool IsEmpty => Set.IsEmpty && Add.IsEmpty && Remove.IsEmpty;
}
