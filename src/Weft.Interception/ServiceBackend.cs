using System.Collections.Generic;

namespace Weft.Interception;

/// <summary>One port of a service and the endpoints behind it now, for clients without a proxy.</summary>
/// <param name="Address">The service's IPv4 address.</param>
/// <param name="Port">Its port (TCP).</param>
/// <param name="Endpoints">address:port of each ready endpoint.</param>
public sealed record ServiceBackend(string Address, int Port, IReadOnlyList<string> Endpoints);
