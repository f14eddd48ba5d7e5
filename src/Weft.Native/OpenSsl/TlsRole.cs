namespace Weft.Native.OpenSsl;

/// <summary>Which side of the handshake a context plays.</summary>
public enum TlsRole
{
    Client,
    Server,
}
