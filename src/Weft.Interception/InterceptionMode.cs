namespace Weft.Interception;

/// <summary>How a pod's traffic reaches its proxy (annotation sidecar.istio.io/interceptionMode).</summary>
public enum InterceptionMode
{
    /// <summary>nat REDIRECT: the proxy reads the original destination from the socket; the client's address is not kept inbound.</summary>
    Redirect,

    /// <summary>mangle TPROXY inbound: keeps the client's address. Read from annotations; rendering refuses it so far.</summary>
    Tproxy,

    /// <summary>No rules: the application is told about the proxy by configuration.</summary>
    None,
}
