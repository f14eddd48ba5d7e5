namespace Weft.Interception;

/// <summary>
/// How the rules tell the proxy's own packets from the workload's, so that they are not redirected to the proxy again.
/// </summary>
/// <param name="Uid">User the proxy runs as (Kubernetes, and weft up as root), or null.</param>
/// <param name="Gid">Group the proxy runs as, or null.</param>
/// <param name="Mark">SO_MARK of the proxy's upstream sockets, or null. The only one that works where one uid is mapped (rootless).</param>
public readonly record struct LoopGuards(int? Uid, int? Gid, int? Mark)
{
    /// <summary>Istio's proxy user, group and mark.</summary>
    public const int ProxyId = 1337;

    /// <summary>uid and gid 1337: Kubernetes, root.</summary>
    public static LoopGuards Owner => new(ProxyId, ProxyId, null);

    /// <summary>Mark 1337: rootless.</summary>
    public static LoopGuards SocketMark => new(null, null, ProxyId);

    /// <summary>Whether the rules can tell the proxy apart at all; without that every connection of the proxy would come back to it.</summary>
    public bool IsAnySet => Uid is not null || Gid is not null || Mark is not null;
}
