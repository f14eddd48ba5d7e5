namespace Weft.Config;

/// <summary>Names one object. The version of the group is not part of it: v1, v1beta1 and v1alpha3 of a kind are the same object.</summary>
/// <param name="Group">API group, empty for core.</param>
/// <param name="Kind">For example <c>VirtualService</c>.</param>
/// <param name="Namespace">Empty for cluster-scoped kinds.</param>
/// <param name="Name">The object's name.</param>
public readonly record struct ObjectKey(string Group, string Kind, string Namespace, string Name)
{
    /// <summary><c>Kind namespace/name</c>, or <c>Kind name</c> for cluster-scoped kinds.</summary>
    public override string ToString() => Namespace.Length == 0 ? $"{Kind} {Name}" : $"{Kind} {Namespace}/{Name}";
}
