using System.Runtime.InteropServices;

namespace Weft.Policy.Blocks;

/// <summary>A route configuration's own fields.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct RouteTableRecord
{
    public Text Name;
    public RouteTableFlags Flags;
    public uint MaxDirectResponseBodySizeBytes;

    /// <summary>Ranges of the inline virtual hosts: each a whole VirtualHost block among the embedded bytes.</summary>
    public Run InlineVirtualHosts;
    public Run RequestOps;
    public Run ResponseOps;
    public Run Origins;

    /// <summary>Domains of the inline virtual hosts.</summary>
    public DomainTableRecord Domains;
}
