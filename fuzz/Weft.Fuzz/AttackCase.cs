using Weft.Http;
using Weft.Http.Http1;

namespace Weft.Fuzz;

/// <summary>Bytes that must be refused, always with the same words.</summary>
/// <param name="Name">Number of reference/attacks.md and what it tries, for example <c>T08 plus sign</c>.</param>
/// <param name="Bytes">One byte for each character (Latin-1).</param>
/// <param name="Fault">What the parser must say.</param>
/// <param name="Method">For responses: the method of the request; Other marks a request.</param>
public sealed record AttackCase(string Name, string Bytes, Http1Fault Fault, KnownMethod Method = KnownMethod.Other)
{
    public string Number => Name.Split(' ')[0];

    public bool IsResponse => Method != KnownMethod.Other;

    public override string ToString() => Name;
}
