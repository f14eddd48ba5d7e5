namespace Weft.Http;

/// <summary>Where the host and the port are in a canonical authority.</summary>
/// <param name="HostLength">Bytes of the host from the start, brackets of an IP literal included.</param>
/// <param name="Length">Bytes of the whole.</param>
/// <param name="Port">1 to 65535, or 0 when there is none.</param>
public readonly record struct AuthorityParts(int HostLength, int Length, int Port);
