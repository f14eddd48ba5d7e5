namespace Weft.Config;

/// <summary>What a reader takes before it gives up with a diagnostic.</summary>
public readonly record struct ReadLimits()
{
    public static ReadLimits Default => new();

    /// <summary>Bytes of one file. 16 MiB: an etcd object ends at 1.5 MiB, a whole mesh in one file stays well below this.</summary>
    public int MaxBytes { get; init; } = 16 << 20;

    /// <summary>Nesting of sequences and mappings. 100: the deepest CRD field of Istio is about 15; readers recurse.</summary>
    public int MaxDepth { get; init; } = 100;

    /// <summary>Nodes of one document after aliases are expanded: what stops the "billion laughs".</summary>
    public int MaxNodes { get; init; } = 500_000;
}
