namespace Weft.Policy.Model;

/// <summary>A trust bundle or a certificate chain. There is deliberately no field for a private key.</summary>
public sealed class SecretConfig
{
    public string Name { get; set; } = "";

    public SecretKind Kind { get; set; }

    /// <summary>PEM certificates.</summary>
    public string Pem { get; set; } = "";
}
