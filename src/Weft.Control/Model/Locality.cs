namespace Weft.Control.Model;

/// <summary>Where something runs; empty parts are unknown.</summary>
public readonly record struct Locality(string Region, string Zone, string Subzone)
{
    public static Locality Unknown => new("", "", "");
}
