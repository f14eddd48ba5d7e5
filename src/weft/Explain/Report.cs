using System.Collections.Generic;

namespace Weft.CommandLine.Explain;

/// <summary>Where a thing was asked for: object, field and, where the control plane knows it, the place in a file.</summary>
internal sealed record Place(string Aspect, string Kind, string Namespace, string Name, string FieldPath, string File, int Line, int Column)
{
    public override string ToString()
    {
        // The mesh's own defaults have no namespace.
        string what = $"{Kind} {(Namespace.Length > 0 ? Namespace + "/" : "")}{Name}{(FieldPath.Length > 0 ? " " + FieldPath : "")}";
        return File.Length == 0 ? what : Line > 0 ? $"{what} ({File}:{Line})" : $"{what} ({File})";
    }
}

/// <summary>Something that could have decided and did not, and why.</summary>
internal sealed record NearMiss(string What, string Why, IReadOnlyList<Place> Origins);

/// <summary>One decision.</summary>
/// <param name="Side">outbound at the caller, inbound at the called.</param>
/// <param name="Pod">Whose proxy decides.</param>
/// <param name="Stage">dns, listener, filter_chain, virtual_host, route, … in lower case.</param>
/// <param name="Verdict">taken, failed or note.</param>
/// <param name="Outcome">What was chosen.</param>
/// <param name="Detail">Why, in words.</param>
/// <param name="Origins">Who asked for it.</param>
/// <param name="NearMisses">What nearly decided instead.</param>
internal sealed record Step(string Side, string Pod, string Stage, string Verdict, string Outcome, string Detail, IReadOnlyList<Place> Origins, IReadOnlyList<NearMiss> NearMisses);

/// <summary>The whole answer.</summary>
internal sealed class Report
{
    public required ExplainRequest Request { get; init; }

    /// <summary>NAME.NAMESPACE of the calling pod.</summary>
    public required string From { get; init; }

    /// <summary>Digest of the caller's snapshot.</summary>
    public required string Digest { get; init; }

    public List<Step> Steps { get; } = [];

    /// <summary>Route that decides; "" when none.</summary>
    public string Route { get; set; } = "";

    /// <summary>Cluster that the draw of the request id picks; "" when there is no request id and the route has several, or none.</summary>
    public string Cluster { get; set; } = "";

    public string Subset { get; set; } = "";

    /// <summary>ip:port of every endpoint that may be picked.</summary>
    public List<string> Endpoints { get; } = [];

    /// <summary>What the caller gets if nothing is forwarded: a status and its reason; "" when it is forwarded.</summary>
    public string Answer { get; set; } = "";
}
