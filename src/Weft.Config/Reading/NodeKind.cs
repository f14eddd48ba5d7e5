namespace Weft.Config;

/// <summary>What a <see cref="ResourceNode"/> is: JSON's six types, which is all that Kubernetes objects have.</summary>
public enum NodeKind : byte
{
    Null,
    Boolean,
    Number,
    String,
    Sequence,
    Mapping,
}
