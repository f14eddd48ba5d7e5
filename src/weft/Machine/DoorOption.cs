using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using Weft.CommandLine.Output;

namespace Weft.CommandLine.Machine;

/// <summary><c>--door 80=9000</c>: which port of 127.0.0.1 leads to a port of the ingress gateway.</summary>
internal static class DoorOption
{
    public static Option<string[]> Create() => new("--door")
    {
        Description = "GATEWAY-PORT=PORT on 127.0.0.1; 80=8080 and 443=8443 unless said otherwise, PORT 0 closes one (repeatable)",
    };

    /// <exception cref="CommandException">Not two port numbers.</exception>
    public static Dictionary<int, int> Parse(IEnumerable<string> values)
    {
        Dictionary<int, int> doors = new() { [80] = 8080, [443] = 8443 };
        foreach (string value in values)
        {
            string[] parts = value.Split('=');
            if (parts.Length != 2 || !TryPort(parts[0], 1, out int gateway) || !TryPort(parts[1], 0, out int host))
            {
                throw new CommandException($"--door {value}: write GATEWAY-PORT=PORT, for example --door 80=9000", exitCode: 2);
            }

            doors.Remove(gateway);
            if (host != 0)
            {
                doors[gateway] = host;
            }
        }

        return doors;
    }

    private static bool TryPort(string text, int smallest, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port >= smallest && port <= 65535;
}
