namespace Weft.Http;

/// <summary>Request methods with a name of their own here (RFC 9110 §9.3, RFC 5789). <see cref="Other"/> keeps its bytes in the head.</summary>
public enum KnownMethod : byte
{
    Other = 0,
    Get,
    Head,
    Post,
    Put,
    Delete,
    Options,
    Patch,
    Trace,
    Connect,
}
