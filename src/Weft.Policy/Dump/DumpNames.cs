using System.Text;
using Weft.Policy.Model;

namespace Weft.Policy.Dump;

/// <summary>Enum values in Envoy's spelling.</summary>
internal static class DumpNames
{
    /// <summary><c>RequestedServerName</c> → <c>REQUESTED_SERVER_NAME</c>.</summary>
    public static string Upper(string pascalCase) => Snake(pascalCase).ToUpperInvariant();

    public static string Lower(string pascalCase) => Snake(pascalCase).ToLowerInvariant();

    public static string Of(ClusterType type) => type switch
    {
        ClusterType.OriginalDestination => "ORIGINAL_DST",
        _ => Upper(type.ToString()),
    };

    private static string Snake(string pascalCase)
    {
        var text = new StringBuilder();
        for (int i = 0; i < pascalCase.Length; i++)
        {
            if (i > 0 && char.IsUpper(pascalCase[i]))
                text.Append('_');
            text.Append(pascalCase[i]);
        }

        return text.ToString();
    }
}
