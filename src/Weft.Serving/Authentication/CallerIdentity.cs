namespace Weft.Serving.Authentication;

/// <summary>Who a caller has proven to be.</summary>
/// <param name="Namespace">Of the service account.</param>
/// <param name="ServiceAccount">Its name.</param>
/// <param name="PodName">The pod its token is bound to; empty when unknown.</param>
/// <param name="IsLocal">True for plaintext on loopback, where nobody proves anything: whoever is on this machine's loopback may read.</param>
public sealed record CallerIdentity(string Namespace, string ServiceAccount, string PodName, bool IsLocal)
{
    public static CallerIdentity Local { get; } = new("", "", "", true);

    public override string ToString() => IsLocal ? "a local caller" : $"{Namespace}/{ServiceAccount}";
}
