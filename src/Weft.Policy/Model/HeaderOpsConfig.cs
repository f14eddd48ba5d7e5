using System.Collections.Generic;

namespace Weft.Policy.Model;

/// <summary>request/response_headers_to_add and _to_remove of one level.</summary>
public sealed class HeaderOpsConfig
{
    public List<HeaderAddConfig> RequestAdd { get; } = [];

    public List<string> RequestRemove { get; } = [];

    public List<HeaderAddConfig> ResponseAdd { get; } = [];

    public List<string> ResponseRemove { get; } = [];
}
