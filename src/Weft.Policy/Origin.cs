namespace Weft.Policy;

/// <summary>
/// Who asked for a compiled thing: object and field, as it travels on the wire (<c>weft.v1.Origin</c>). Never a file or a line: those live in
/// weftd's side table. <see cref="Aspect"/> is empty for the thing itself, else which part of it
/// (<c>timeout</c>, <c>retries</c>, <c>weight[1]</c>, <c>mtls</c>, …).
/// </summary>
public sealed record Origin(string Aspect, string Kind, string Namespace, string Name, string FieldPath)
{
    public override string ToString()
        => (Aspect.Length == 0 ? "" : Aspect + ": ") + $"{Kind} {Namespace}/{Name} {FieldPath}".TrimEnd();
}
