using Weft.Policy.Snapshot;

namespace Weft.Xds.Delta;

/// <summary>What became of one response.</summary>
public sealed record ResponseOutcome
{
    /// <summary>The envelope itself was not readable: the stream is of no use and must be dropped.</summary>
    public bool IsMalformed { get; init; }

    public string TypeUrl { get; init; } = "";

    public string Nonce { get; init; } = "";

    /// <summary>Why the response is refused, one problem a line; empty when it is accepted.</summary>
    public string Error { get; init; } = "";

    /// <summary>The snapshot that this response completed; null while more of the same push is to come.</summary>
    public MeshSnapshot? Published { get; init; }

    /// <summary>Resources that were accepted but wait for others that they name.</summary>
    public int Waiting { get; init; }

    public int IgnoredFields { get; init; }
}
