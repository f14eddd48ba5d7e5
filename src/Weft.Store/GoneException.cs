using System;

namespace Weft.Store;

/// <summary>The revision asked for is no longer (or not yet) in the history, or the watcher was too slow: list again (HTTP 410).</summary>
public sealed class GoneException(string message) : Exception(message);
