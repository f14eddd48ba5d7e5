using Weft.Policy.Snapshot;

namespace Weft.Policy.Decide;

/// <summary>Which listener handles a connection, and why.</summary>
public readonly record struct ListenerChoice(ResourceId Listener, ListenerMatch Match);
