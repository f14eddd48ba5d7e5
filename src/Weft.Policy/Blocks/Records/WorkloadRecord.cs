using System.Runtime.InteropServices;

namespace Weft.Policy.Blocks;

/// <summary>A workload instance (a pod). Addresses lie in the block's lookup section.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct WorkloadRecord
{
    public Text Name;
    public Text Namespace;
    public Text ServiceAccount;
    public Text TrustDomain;
    public Text WorkloadName;
    public Text CanonicalName;
    public Text CanonicalRevision;
    public Text App;
    public Text Version;
    public Text ClusterId;

    /// <summary><c>spiffe://TRUST DOMAIN/ns/NAMESPACE/sa/SERVICE ACCOUNT</c>, to compare with the verified one.</summary>
    public Text SpiffeId;
}
