using System;
using System.Collections.Generic;
using Weft.Control.Derivation;

namespace Weft.Serving.Discovery;

/// <summary>How one proxy is doing. Immutable.</summary>
/// <param name="Proxy">Who.</param>
/// <param name="SentDigest">Of the last push; empty before the first.</param>
/// <param name="AckedDigest">What it has accepted completely; empty before.</param>
/// <param name="Pushes">Sent on this stream.</param>
/// <param name="Connected">For how long.</param>
/// <param name="Types">Per type, in push order.</param>
/// <param name="Version">Number of the <see cref="Publishing.MeshVersion"/> that its target comes from.</param>
/// <param name="IsConverged">True when it has accepted exactly that.</param>
public sealed record ConnectionStatus(
    ProxyDescription Proxy,
    string SentDigest,
    string AckedDigest,
    long Pushes,
    TimeSpan Connected,
    IReadOnlyList<TypeStatus> Types,
    long Version,
    bool IsConverged);
