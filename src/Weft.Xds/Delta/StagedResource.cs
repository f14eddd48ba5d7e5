using System.Collections.Generic;
using Weft.Policy.Blocks;

namespace Weft.Xds.Delta;

/// <summary>A change that is accepted but not in force: a new block, or (without one) a removal.</summary>
internal sealed record StagedResource(BlockImage? Image, ResourceVersion Version, IReadOnlyList<ResourceReference> References)
{
    public static StagedResource Removal { get; } = new(null, default, []);
}
