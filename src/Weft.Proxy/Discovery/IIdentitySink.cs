namespace Weft.Proxy.Discovery;

/// <summary>Takes the certificates that discovery obtains.</summary>
public interface IIdentitySink
{
    /// <summary>
    /// A first or renewed certificate, or the same one with another trust bundle. Called on a discovery thread, never on a loop; must not block
    /// and must not throw. New handshakes use it from now on; established connections stay. The receiver owns the key's bytes and zeroes them.
    /// </summary>
    void OnIdentity(WorkloadIdentity identity);
}
