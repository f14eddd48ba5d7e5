namespace Weft.Http;

/// <summary>Protocol version of one hop.</summary>
public enum HttpVersion : byte
{
    Http10,
    Http11,
    Http2,
}
