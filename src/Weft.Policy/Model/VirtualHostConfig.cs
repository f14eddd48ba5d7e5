using System.Collections.Generic;

namespace Weft.Policy.Model;

/// <summary>VirtualHost as written.</summary>
public sealed class VirtualHostConfig
{
    public string Name { get; set; } = "";

    /// <summary>Exact, <c>*.suffix</c>, <c>prefix.*</c> or <c>*</c>.</summary>
    public List<string> Domains { get; } = [];

    public List<RouteConfig> Routes { get; } = [];

    public TlsRequirement RequireTls { get; set; }

    public bool IncludeRequestAttemptCount { get; set; }

    public bool IncludeAttemptCountInResponse { get; set; }

    public HeaderOpsConfig Headers { get; set; } = new();

    /// <summary>For routes without one of their own.</summary>
    public RetryPolicyConfig? RetryPolicy { get; set; }

    public List<Origin> Origins { get; } = [];
}
