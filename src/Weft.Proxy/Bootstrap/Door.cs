namespace Weft.Proxy.Bootstrap;

/// <summary>An extra socket that a launcher opened elsewhere (another network namespace) and handed over: connections on it belong to the listener of <paramref name="Port"/>.</summary>
/// <param name="Port">The mesh port whose listener serves the connections.</param>
/// <param name="Descriptor">The inherited listening descriptor.</param>
public readonly record struct Door(int Port, int Descriptor);
