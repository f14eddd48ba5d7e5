using System.Collections.Generic;
using Weft.Config;

namespace Weft.Kubernetes;

/// <summary>What a <see cref="Reflector"/> tells.</summary>
/// <param name="Kind">Whose reflector.</param>
/// <param name="Type">What happened.</param>
/// <param name="Objects">For Replaced: all objects there are. For Upserted and Deleted: one.</param>
/// <param name="ResourceVersion">Everything up to this version is in; opaque.</param>
public sealed record ReflectorEvent(KindInfo Kind, ReflectorEventType Type, IReadOnlyList<ReadResult> Objects, string ResourceVersion);

/// <summary>Kinds of <see cref="ReflectorEvent"/>.</summary>
public enum ReflectorEventType : byte
{
    /// <summary>A list: what is not in it is gone.</summary>
    Replaced,
    Upserted,
    Deleted,

    /// <summary>Only the version moved (a bookmark).</summary>
    Moved,
}
