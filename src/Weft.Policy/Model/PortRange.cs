using System.Runtime.InteropServices;

namespace Weft.Policy.Model;

/// <summary>Ports from <paramref name="Start"/> up to but without <paramref name="End"/> (<c>envoy.type.v3.Int32Range</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct PortRange(int Start, int End)
{
    public bool Contains(int port) => port >= Start && port < End;
}
