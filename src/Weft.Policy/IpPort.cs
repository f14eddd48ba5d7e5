using System.Globalization;
using System.Runtime.InteropServices;

namespace Weft.Policy;

/// <summary>An address and a TCP port: where a connection was meant to go, where an endpoint listens.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct IpPort(IpAddress Address, int Port)
{
    /// <summary><c>ip:port</c>, IPv6 in brackets.</summary>
    public override string ToString()
        => Address.IsV4
            ? string.Create(CultureInfo.InvariantCulture, $"{Address}:{Port}")
            : string.Create(CultureInfo.InvariantCulture, $"[{Address}]:{Port}");
}
