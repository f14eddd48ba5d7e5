using System.Globalization;
using System.Runtime.InteropServices;

namespace Weft.Policy;

/// <summary>An address prefix, as <c>envoy.config.core.v3.CidrRange</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct CidrRange(IpAddress Network, int PrefixLength)
{
    public bool Contains(IpAddress address) => address.IsIn(Network, PrefixLength);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Network}/{PrefixLength}");
}
