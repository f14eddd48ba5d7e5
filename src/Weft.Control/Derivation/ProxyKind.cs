namespace Weft.Control.Derivation;

/// <summary>What kind of proxy asks.</summary>
public enum ProxyKind : byte
{
    Sidecar,

    /// <summary>A gateway.</summary>
    Router,
}
