namespace Weft.Native.OpenSsl;

/// <summary>Negotiated protocol; numbers as on the wire (RFC 8446 section 4.1.2).</summary>
public enum TlsVersion
{
    None = 0,
    Tls12 = 0x0303,
    Tls13 = 0x0304,
}
