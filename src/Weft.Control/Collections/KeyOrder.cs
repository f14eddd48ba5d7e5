using System.Collections.Generic;
using Weft.Config;

namespace Weft.Control.Collections;

/// <summary>Group, kind, namespace, name; ordinal.</summary>
internal sealed class KeyOrder : IComparer<ObjectKey>
{
    public static KeyOrder Instance { get; } = new();

    public int Compare(ObjectKey x, ObjectKey y)
    {
        int order = string.CompareOrdinal(x.Group, y.Group);
        order = order != 0 ? order : string.CompareOrdinal(x.Kind, y.Kind);
        order = order != 0 ? order : string.CompareOrdinal(x.Namespace, y.Namespace);
        return order != 0 ? order : string.CompareOrdinal(x.Name, y.Name);
    }
}
