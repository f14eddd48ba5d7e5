namespace Weft.Xds.Wire;

/// <summary>Leaves the field that <see cref="WalkReport.At"/> entered.</summary>
internal readonly ref struct PathScope(FieldPath path)
{
    public void Dispose() => path.Leave();
}
