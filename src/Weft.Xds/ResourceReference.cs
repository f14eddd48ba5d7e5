using Weft.Policy.Blocks;

namespace Weft.Xds;

/// <summary>A resource that another one names, and the field that names it.</summary>
public readonly record struct ResourceReference(BlockKind Kind, string Name, string FieldPath);
