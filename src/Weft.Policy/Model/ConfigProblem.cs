namespace Weft.Policy.Model;

/// <summary>One reason why a resource is refused: the proto field path inside it, and what is wrong with the value.</summary>
public sealed record ConfigProblem(string FieldPath, string Message)
{
    public override string ToString() => FieldPath.Length == 0 ? Message : FieldPath + ": " + Message;
}
