using System;
using System.Collections.Generic;
using System.Net;
using Weft.Config.Security;

namespace Weft.ControlHost;

/// <summary>Reads flags as <c>--name value</c> or <c>--name=value</c>. Small on purpose: every millisecond of start-up counts.</summary>
internal static class OptionsReader
{
    public const string Usage = """
        weftd: the control plane of Weft

          --source SOURCE          unix:PATH, in-cluster, or a kubeconfig file (default in-cluster)
          --state DIR              CA and journal of the accepted set (default /var/lib/weft)
          --plaintext ADDR:PORT    discovery without TLS, loopback only (default 127.0.0.1:15010, 'none' closes it)
          --secure ADDR:PORT       discovery and certificates over TLS (default 0.0.0.0:15012)
          --metrics ADDR:PORT      metrics for authenticated callers (default 0.0.0.0:15014, 'none' closes it)
          --health ADDR:PORT       /ready (default 127.0.0.1:8080, 'none' closes it)
          --debug-socket PATH      Unix socket of the debug pages
          --trust-domain NAME      default cluster.local
          --cluster-domain NAME    default cluster.local
          --default-mtls MODE      STRICT or PERMISSIVE, where no PeerAuthentication speaks (default PERMISSIVE)
          --root-namespace NAME    default istio-system
          --access-log PATH        where proxies write their access log, for example /dev/stdout (default none)
          --dns-name NAME          name in the serving certificate, may be repeated (default istiod.ROOT.svc and weftd.ROOT.svc)
          --verbose                log debug messages too
          --help                   print this
        """;

    /// <summary>Null with a message for people when the flags make no sense; an empty message asks for the usage.</summary>
    public static WeftdOptions? TryRead(IReadOnlyList<string> arguments, out string error)
    {
        var options = new WeftdOptions();
        var names = new List<string>();
        error = "";
        for (int i = 0; i < arguments.Count; i++)
        {
            string flag = arguments[i];
            string? value = null;
            int equals = flag.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                (flag, value) = (flag[..equals], flag[(equals + 1)..]);
            }

            if (flag is "--help" or "-h")
            {
                return null;
            }

            if (flag == "--verbose")
            {
                options = options with { IsVerbose = true };
                continue;
            }

            if (value is null && ++i >= arguments.Count)
            {
                error = $"{flag} needs a value";
                return null;
            }

            value ??= arguments[i];
            if (flag == "--dns-name")
            {
                names.Add(value);
                continue;
            }

            if (Apply(options, flag, value, out error) is not { } next)
            {
                return null;
            }

            options = next;
        }

        return options with { DnsNames = names };
    }

    private static WeftdOptions? Apply(WeftdOptions options, string flag, string value, out string error)
    {
        error = "";
        switch (flag)
        {
            case "--source": return options with { Source = value };
            case "--state": return options with { StateDirectory = value };
            case "--debug-socket": return options with { DebugSocket = value };
            case "--trust-domain": return options with { TrustDomain = value };
            case "--cluster-domain": return options with { ClusterDomain = value };
            case "--root-namespace": return options with { RootNamespace = value };
            case "--access-log": return options with { AccessLog = value };
            case "--plaintext": return Address(value, flag, ref error, out IPEndPoint? plaintext) ? options with { Plaintext = plaintext } : null;
            case "--secure": return Address(value, flag, ref error, out IPEndPoint? secure) ? options with { Secure = secure } : null;
            case "--metrics": return Address(value, flag, ref error, out IPEndPoint? metrics) ? options with { Metrics = metrics } : null;
            case "--health": return Address(value, flag, ref error, out IPEndPoint? health) ? options with { Health = health } : null;
            case "--default-mtls":
                switch (value.ToUpperInvariant())
                {
                    case "STRICT": return options with { DefaultMutualTls = MutualTlsMode.Strict };
                    case "PERMISSIVE": return options with { DefaultMutualTls = MutualTlsMode.Permissive };
                    default:
                        error = $"--default-mtls is STRICT or PERMISSIVE, not '{value}'";
                        return null;
                }

            default:
                error = $"unknown flag {flag}: see --help";
                return null;
        }
    }

    private static bool Address(string text, string flag, ref string error, out IPEndPoint? address)
    {
        address = null;
        if (text == "none")
        {
            return true;
        }

        if (text.Contains(':', StringComparison.Ordinal) && IPEndPoint.TryParse(text, out address))
        {
            return true;
        }

        error = $"{flag} is ADDRESS:PORT (or none), not '{text}'";
        return false;
    }
}
