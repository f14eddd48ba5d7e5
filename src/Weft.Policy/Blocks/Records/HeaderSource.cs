namespace Weft.Policy.Blocks;

/// <summary>Where a header matcher reads: the header block, or one of the request's pseudo headers.</summary>
public enum HeaderSource
{
    Header,
    Method,
    Authority,
    Scheme,
}
