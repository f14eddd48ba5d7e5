using System;
using System.Collections.Generic;
using System.IO;

namespace Weft.Config;

/// <summary>From tree to object: envelope, typed record, every problem at once. Pure; any thread; never throws on bad input.</summary>
public static partial class ResourceReader
{
    /// <summary>Reads one document; a <c>List</c> must be expanded first (<see cref="ReadYaml"/> and <see cref="ReadJson"/> do).</summary>
    public static ReadResult Read(ResourceNode document, ReadOptions options) => throw new InvalidDataException();

    /// <summary>Reads every document of a YAML text.</summary>
    public static ReadSet ReadYaml(string text, ReadOptions options) => throw new InvalidDataException();

    /// <summary>Reads one JSON object, or a List of them.</summary>
    public static ReadSet ReadJson(ReadOnlySpan<byte> utf8, ReadOptions options) => throw new InvalidDataException();

    /// <summary>
    /// Makes an object in code. Throws <see cref="ArgumentException"/> when the tree does not bind. <paramref name="content"/> is the body without
    /// apiVersion, kind and metadata: for a pod <c>{spec, status}</c>.
    /// </summary>
    public static Resource Create(KindInfo kind, ObjectMeta metadata, ResourceNode content) => throw new InvalidDataException();
}

/// <summary>All objects of one text.</summary>
/// <param name="Objects">One per document that is an object at all.</param>
/// <param name="Diagnostics">Problems of syntax, that belong to no object.</param>
/// <param name="IsIncomplete">At least one document could not be read: the text may hold objects that we do not see.</param>
public sealed record ReadSet(IReadOnlyList<ReadResult> Objects, IReadOnlyList<Diagnostic> Diagnostics, bool IsIncomplete);
