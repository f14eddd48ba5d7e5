using System.Globalization;
using System.Linq;
using Weft.Local.Control;

namespace Weft.CommandLine.Machine;

/// <summary>Figures as a person reads them.</summary>
internal static class StatusText
{
    private const string Nothing = "-";

    public static string Doors(MeshStatus status) => status.Doors.Count == 0
        ? "no doors"
        : string.Join(", ", status.Doors.Select(door => $"http{(door.GatewayPort == 443 ? "s" : string.Empty)}://{door.Address}"));

    public static string Rate(double? perSecond) => perSecond is { } rate ? rate.ToString(rate < 10 ? "0.0" : "0", CultureInfo.InvariantCulture) : Nothing;

    public static string Share(double? share) => share is { } value ? (value * 100).ToString(value is > 0 and < 0.01 or > 0.99 and < 1 ? "0.00" : "0", CultureInfo.InvariantCulture) + " %" : Nothing;

    public static string Milliseconds(double? value) => value is { } time ? "≤ " + time.ToString("0.##", CultureInfo.InvariantCulture) + " ms" : Nothing;
}
