namespace Weft.Config;

internal static class MeaningDigest
{
    internal static string Of(Resource resource) => resource.Name;
}
