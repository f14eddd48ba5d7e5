namespace Weft.Control.Derivation;

/// <summary>What the other end understands (design section 4); announced in its node metadata.</summary>
public enum Dialect : byte
{
    /// <summary>Plain Envoy: no <c>istio.*</c> filters, virtual hosts inline, no provenance.</summary>
    Envoy,

    /// <summary>istio-proxy. Derived like plain Envoy for now: it takes those resources too.</summary>
    Istio,

    /// <summary>weft-proxy, contract 1: virtual hosts as single resources, provenance, workloads, names. No HTTP/2 yet.</summary>
    Weft,
}
