using System;
using System.Collections.Generic;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Weft.Interception;

/// <summary>Reads Istio's traffic annotations of a pod (reference/istio.md, traffic.sidecar.istio.io/*).</summary>
public static class InterceptionAnnotations
{
    public const string IncludeInboundPorts = "traffic.sidecar.istio.io/includeInboundPorts";
    public const string ExcludeInboundPorts = "traffic.sidecar.istio.io/excludeInboundPorts";
    public const string IncludeOutboundRanges = "traffic.sidecar.istio.io/includeOutboundIPRanges";
    public const string ExcludeOutboundRanges = "traffic.sidecar.istio.io/excludeOutboundIPRanges";
    public const string IncludeOutboundPorts = "traffic.sidecar.istio.io/includeOutboundPorts";
    public const string ExcludeOutboundPorts = "traffic.sidecar.istio.io/excludeOutboundPorts";
    public const string ExcludeInterfaces = "traffic.sidecar.istio.io/excludeInterfaces";
    public const string Mode = "sidecar.istio.io/interceptionMode";

    /// <summary>
    /// Settings for a pod with these annotations. What cannot be read keeps its default and is reported: a typing error must not
    /// open a way around the proxy.
    /// </summary>
    public static InterceptionSettings Read(IReadOnlyDictionary<string, string> annotations, LoopGuards guards, IList<InterceptionProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(annotations);
        ArgumentNullException.ThrowIfNull(problems);
        Reader reader = new(annotations, problems);
        return new InterceptionSettings
        {
            Guards = guards,
            Mode = reader.ModeOf(Mode),
            IncludeInboundPorts = reader.PortSelectionOf(IncludeInboundPorts),
            ExcludeInboundPorts = reader.PortsOf(ExcludeInboundPorts),
            IncludeOutboundRanges = reader.RangeSelectionOf(IncludeOutboundRanges),
            ExcludeOutboundRanges = reader.RangesOf(ExcludeOutboundRanges),
            IncludeOutboundPorts = reader.PortsOf(IncludeOutboundPorts),
            ExcludeOutboundPorts = reader.PortsOf(ExcludeOutboundPorts),
            ExcludeInterfaces = reader.InterfacesOf(ExcludeInterfaces),
        };
    }

    private readonly struct Reader(IReadOnlyDictionary<string, string> annotations, IList<InterceptionProblem> problems)
    {
        public InterceptionMode ModeOf(string name)
        {
            if (!annotations.TryGetValue(name, out string? text) || text == "REDIRECT")
            {
                return InterceptionMode.Redirect;
            }

            if (text == "NONE")
            {
                return InterceptionMode.None;
            }

            problems.Add(new InterceptionProblem(name, text == "TPROXY"
                ? "TPROXY is not supported yet; REDIRECT is used"
                : $"'{text}' is not a mode; write REDIRECT or NONE. REDIRECT is used"));
            return InterceptionMode.Redirect;
        }

        public PortSelection PortSelectionOf(string name)
        {
            if (!annotations.TryGetValue(name, out string? text) || text.Trim() == "*")
            {
                return PortSelection.All;
            }

            return TryPorts(name, text, out List<int> ports, "all inbound ports are redirected") ? new PortSelection(false, ports) : PortSelection.All;
        }

        public List<int> PortsOf(string name) =>
            annotations.TryGetValue(name, out string? text) && TryPorts(name, text, out List<int> ports, "it is ignored") ? ports : [];

        public RangeSelection RangeSelectionOf(string name)
        {
            if (!annotations.TryGetValue(name, out string? text) || text.Trim() == "*")
            {
                return RangeSelection.All;
            }

            return TryRanges(name, text, out List<string> ranges, "all destinations are redirected") ? new RangeSelection(false, ranges) : RangeSelection.All;
        }

        public List<string> RangesOf(string name) =>
            annotations.TryGetValue(name, out string? text) && TryRanges(name, text, out List<string> ranges, "it is ignored") ? ranges : [];

        public List<string> InterfacesOf(string name)
        {
            List<string> interfaces = [];
            foreach (string word in Words(annotations.GetValueOrDefault(name, string.Empty)))
            {
                // IFNAMSIZ is 16 with the NUL; anything else could smuggle another iptables option into the rule.
                bool isName = word.Length <= 15 && word.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0 && !word.StartsWith('-') && !word.Contains('/', StringComparison.Ordinal);
                if (isName)
                {
                    interfaces.Add(word);
                }
                else
                {
                    problems.Add(new InterceptionProblem(name, $"'{word}' is not an interface name; it is ignored"));
                }
            }

            return interfaces;
        }

        private bool TryPorts(string name, string text, out List<int> ports, string instead)
        {
            ports = [];
            foreach (string word in Words(text))
            {
                if (!int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port is < 1 or > 65535)
                {
                    problems.Add(new InterceptionProblem(name, $"'{word}' is not a port (1 to 65535, separated by commas); {instead}"));
                    return false;
                }

                if (!ports.Contains(port))
                {
                    ports.Add(port);
                }
            }

            return true;
        }

        private bool TryRanges(string name, string text, out List<string> ranges, string instead)
        {
            ranges = [];
            foreach (string word in Words(text))
            {
                if (!TryRange(word, out string? range))
                {
                    problems.Add(new InterceptionProblem(name, $"'{word}' is not an IPv4 range such as 10.0.0.0/8; {instead}"));
                    return false;
                }

                ranges.Add(range);
            }

            return true;
        }

        private static bool TryRange(string word, out string range)
        {
            range = string.Empty;
            string withLength = word.Contains('/', StringComparison.Ordinal) ? word : word + "/32";
            int slash = withLength.IndexOf('/', StringComparison.Ordinal);
            if (!IPAddress.TryParse(withLength.AsSpan(0, slash), out IPAddress? address) || address.AddressFamily != AddressFamily.InterNetwork
                || !int.TryParse(withLength.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int length) || length > 32)
            {
                return false;
            }

            // Host bits are cut as iptables does, so that what we read back equals what we wrote.
            byte[] bytes = address.GetAddressBytes();
            uint value = ((uint)bytes[0] << 24) | ((uint)bytes[1] << 16) | ((uint)bytes[2] << 8) | bytes[3];
            value &= length == 0 ? 0 : uint.MaxValue << (32 - length);
            range = $"{value >> 24}.{(value >> 16) & 255}.{(value >> 8) & 255}.{value & 255}/{length}";
            return true;
        }

        private static string[] Words(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
