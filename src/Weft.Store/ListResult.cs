using System.Collections.Generic;
using Weft.Config;

namespace Weft.Store;

/// <summary>Objects as of one revision, ordered by namespace and name.</summary>
public sealed record ListResult(IReadOnlyList<Resource> Items, long Revision);
