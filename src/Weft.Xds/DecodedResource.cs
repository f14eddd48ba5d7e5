using System.Collections.Generic;
using System.Linq;
using Weft.Policy.Blocks;
using Weft.Policy.Model;

namespace Weft.Xds;

/// <summary>A resource as the proxy would enforce it, or every reason why it will not.</summary>
/// <param name="TypeUrl">The resource's type.</param>
/// <param name="Name">The resource's name on the wire.</param>
/// <param name="Image">The compiled block; null when refused.</param>
/// <param name="Problems">Empty when accepted.</param>
/// <param name="IgnoredFields">Fields that were ignored because they are known to be harmless.</param>
/// <param name="References">What must be there before this can be used.</param>
public sealed record DecodedResource(
    string TypeUrl, string Name, BlockImage? Image, IReadOnlyList<ConfigProblem> Problems, int IgnoredFields, IReadOnlyList<ResourceReference> References)
{
    /// <summary>What keys the draws, when this resource says so; else empty.</summary>
    public string MeshKey { get; init; } = "";

    public bool IsRefused => Image is null;

    /// <summary>One line per problem: <c>Listener 0.0.0.0_8080: filter_chains[0].filters[1].typed_config: unknown type …</c>.</summary>
    public IEnumerable<string> ProblemLines() => Problems.Select(problem => $"{XdsTypes.ShortName(TypeUrl)} {Name}: {problem}");
}
