namespace Weft.Proxy.Dns;

/// <summary>Response codes of RFC 1035 section 4.1.1 that this server gives.</summary>
public enum DnsCode : byte
{
    NoError = 0,
    FormatError = 1,
    ServerFailure = 2,
    NameError = 3,
    NotImplemented = 4,
    Refused = 5,
}
