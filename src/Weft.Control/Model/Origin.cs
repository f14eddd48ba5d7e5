namespace Weft.Control.Model;

/// <summary>
/// Who asked for a thing: an object and the field in it. Never a file or a line: those live in a side table per accepted digest, so that a new comment
/// line changes no bytes. Immutable; compared by value.
/// </summary>
/// <param name="Aspect">Empty for the thing itself, else which part of it: <c>timeout</c>, <c>retries</c>, <c>weight[0]</c>, <c>mtls</c> and so on.</param>
/// <param name="Kind">Kind of the object, for example <c>VirtualService</c>; <c>Mesh</c> for mesh-wide defaults.</param>
/// <param name="Namespace">Empty for cluster-scoped objects and mesh defaults.</param>
/// <param name="Name">The object's name.</param>
/// <param name="FieldPath">For example <c>spec.http[0].route[1].weight</c>; empty for the whole object.</param>
public readonly record struct Origin(string Aspect, string Kind, string Namespace, string Name, string FieldPath)
{
    /// <summary>What no object asked for: a default of the mesh, named by <paramref name="setting"/>.</summary>
    public static Origin MeshDefault(string setting, string aspect = "") => new(aspect, "Mesh", "", "default", setting);

    /// <summary>A field of the same object.</summary>
    public Origin At(string fieldPath, string aspect = "") => this with { FieldPath = fieldPath, Aspect = aspect };

    public override string ToString() => $"{Kind}/{Namespace}/{Name}:{FieldPath}" + (Aspect.Length > 0 ? "#" + Aspect : "");
}
