using System.IO;

namespace Weft.Config;

/// <summary>Reads multi-document YAML into <see cref="ResourceNode"/> trees.</summary>
public static partial class YamlReader
{
    /// <summary>Reads a text. Never throws on bad input.</summary>
    public static ParsedDocuments Read(string text, string? file, ReadLimits? limits = null) => throw new InvalidDataException();
}
