using System.Collections.Generic;

namespace Weft.Policy.Model;

/// <summary>Route as written. Exactly one of <see cref="Forward"/>, <see cref="Redirect"/>, <see cref="DirectResponse"/>.</summary>
public sealed class RouteConfig
{
    public string Name { get; set; } = "";

    public PathMatchKind PathKind { get; set; }

    /// <summary>The prefix, path or regular expression.</summary>
    public string Path { get; set; } = "/";

    public bool CaseSensitive { get; set; } = true;

    public List<HeaderMatcherConfig> Headers { get; } = [];

    public List<QueryMatcherConfig> QueryParameters { get; } = [];

    public RouteActionConfig? Forward { get; set; }

    public RedirectConfig? Redirect { get; set; }

    public DirectResponseConfig? DirectResponse { get; set; }

    public HeaderOpsConfig HeaderOps { get; set; } = new();

    /// <summary>decorator.operation.</summary>
    public string Operation { get; set; } = "";

    public List<Origin> Origins { get; } = [];
}
