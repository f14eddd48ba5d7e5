using Weft.Config;

namespace Weft.Store;

/// <summary>Which objects a list or a watch is about; null means any.</summary>
public sealed record ObjectFilter
{
    /// <summary>Every object of every kind.</summary>
    public static ObjectFilter All { get; } = new();

    public KindInfo? Kind { get; init; }

    public string? Namespace { get; init; }

    public string? Name { get; init; }

    public LabelSelector? Labels { get; init; }

    /// <summary>All objects of a kind.</summary>
    public static ObjectFilter Of(KindInfo kind, string? ns = null) => new() { Kind = kind, Namespace = ns };

    public bool Matches(Resource resource) =>
        (Kind is null || (Kind.Kind == resource.Type.Kind && Kind.Group == resource.Type.Group))
        && (Namespace is null || Namespace == resource.Namespace)
        && (Name is null || Name == resource.Name)
        && (Labels is null || Labels.Matches(resource.Metadata.Labels));
}
