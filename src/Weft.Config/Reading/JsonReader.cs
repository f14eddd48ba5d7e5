using System;
using System.IO;

namespace Weft.Config;

/// <summary>Reads one JSON value into a <see cref="ResourceNode"/> tree.</summary>
public static partial class JsonReader
{
    /// <summary>Reads one document. Never throws on bad input.</summary>
    public static ParsedDocuments Read(ReadOnlySpan<byte> utf8, string? file, ReadLimits? limits = null) => throw new InvalidDataException();
}
