namespace Weft.Control.Model;

/// <summary>What a client uses towards a service when a DestinationRule says so.</summary>
public enum ClientTls : byte
{
    Plaintext,
    IstioMutual,
}
