using System;

namespace Weft.Control.Model;

/// <summary>TCP keep-alive probes; null = the kernel's default.</summary>
public sealed record TcpKeepaliveTimes(uint? Probes, TimeSpan? Time, TimeSpan? Interval);
