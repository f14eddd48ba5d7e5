using System.Runtime.InteropServices;

namespace Weft.Policy.Blocks;

/// <summary>One transport_socket_matches entry.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct TransportSocketRecord
{
    public Text Name;
    public Run Criteria;

    /// <summary>Into the upstream TLS contexts; -1 for raw_buffer.</summary>
    public int Tls;
    public int Reserved;
}
