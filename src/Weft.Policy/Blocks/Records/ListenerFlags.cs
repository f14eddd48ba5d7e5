using System;

namespace Weft.Policy.Blocks;

/// <summary>Booleans of a listener.</summary>
[Flags]
public enum ListenerFlags
{
    None = 0,
    BindToPort = 1,
    UseOriginalDestination = 2,
    ContinueOnListenerFiltersTimeout = 4,
}
