using System.Runtime.InteropServices;
using Weft.Policy.Model;

namespace Weft.Policy.Blocks;

/// <summary>A virtual host's own fields.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct VirtualHostRecord
{
    /// <summary>VirtualHost.name; the block's name is <c>ROUTE CONFIG/NAME</c> when it is a resource of its own.</summary>
    public Text Name;
    public Run Domains;
    public Run Routes;
    public TlsRequirement RequireTls;
    public int IncludeRequestAttemptCount;
    public int IncludeAttemptCountInResponse;

    /// <summary>For routes without one; -1 when there is none.</summary>
    public int RetryPolicy;
    public Run RequestOps;
    public Run ResponseOps;
    public Run Origins;
}
