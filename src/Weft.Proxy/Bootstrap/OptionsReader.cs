using System;
using System.Collections.Generic;
using System.Globalization;
using System.Net;

namespace Weft.Proxy.Bootstrap;

/// <summary>
/// Reads <see cref="ProxyOptions"/> from the command line and, for what it leaves out, from the environment
/// (<c>--drain-seconds</c> is <c>WEFT_DRAIN_SECONDS</c>; POD_NAME and its kin as Kubernetes' downward API names them).
/// Every problem is reported at once, each with what to do.
/// </summary>
public sealed class OptionsReader
{
    private readonly Func<string, string?> _environment;
    private readonly Dictionary<string, List<string>> _given = new(StringComparer.Ordinal);
    private readonly List<string> _problems = [];

    private OptionsReader(Func<string, string?> environment) => _environment = environment;

    /// <summary>The flags this program has, for the help text; each takes one value.</summary>
    public static IReadOnlyList<(string Flag, string Help)> Flags { get; } =
    [
        ("role", "sidecar or router (default sidecar)"),
        ("pod", "name of the pod (POD_NAME)"),
        ("namespace", "namespace of the pod (POD_NAMESPACE)"),
        ("service-account", "service account of the pod (SERVICE_ACCOUNT)"),
        ("address", "address of the pod (INSTANCE_IP)"),
        ("labels", "labels of the pod, app=x,version=y"),
        ("owner", "workload that owns the pod"),
        ("cluster-id", "name of the cluster (default Kubernetes)"),
        ("discovery", "weftd, host:port"),
        ("discovery-name", "name in weftd's certificate (default istiod.istio-system.svc)"),
        ("discovery-plaintext", "true: no TLS toward --discovery (loopback, fixtures)"),
        ("root-cert", "PEM file with the root that signs weftd's certificate"),
        ("token-file", "file with the service account token for weftd"),
        ("trust-domain", "default cluster.local"),
        ("cluster-domain", "default cluster.local"),
        ("outbound-fd", "inherited listening socket for port 15001"),
        ("inbound-fd", "inherited listening socket for port 15006"),
        ("dns-fd", "inherited UDP socket for port 15053"),
        ("door", "PORT=FD: inherited socket served by the listener of PORT (repeatable)"),
        ("admin-socket", "Unix socket for admin verbs that change the proxy"),
        ("mark", "SO_MARK of upstream sockets, the redirection's loop guard"),
        ("concurrency", "number of loops (default: the CPU quota)"),
        ("upstream-dns", "resolver for names outside the mesh"),
        ("drain-seconds", "longest wait for requests in flight at SIGTERM (default 45)"),
        ("detection-timeout-ms", "silence after which an undeclared port is TCP (default 1000)"),
        ("access-log", "true or false (default true)"),
        ("outbound-port", "default 15001"),
        ("inbound-port", "default 15006"),
        ("admin-address", "HOST:PORT of the read-only admin interface (default 127.0.0.1:15000; port 0: off)"),
        ("status-port", "port of /healthz/ready (default 15021; 0: off)"),
        ("metrics-port", "default 15090; 0: off"),
        ("dns-port", "default 15053; 0: off"),
    ];

    /// <summary>Reads the options. Returns false with every problem named if one cannot be used.</summary>
    public static bool TryRead(IReadOnlyList<string> args, Func<string, string?> environment, out ProxyOptions options, out IReadOnlyList<string> problems)
    {
        var reader = new OptionsReader(environment);
        reader.Collect(args);
        options = reader.Build();
        problems = reader._problems;
        return problems.Count == 0;
    }

    private void Collect(IReadOnlyList<string> args)
    {
        for (int i = 0; i < args.Count; i++)
        {
            string arg = args[i];
            if (!arg.StartsWith("--", StringComparison.Ordinal))
            {
                _problems.Add($"'{arg}' is not a flag; flags start with --");
                continue;
            }
            int equals = arg.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? arg[2..] : arg[2..equals];
            if (!IsKnown(name))
            {
                _problems.Add($"--{name} is not a flag of weft-proxy (see --help)");
                if (equals < 0 && i + 1 < args.Count && !args[i + 1].StartsWith("--", StringComparison.Ordinal)) i++;
                continue;
            }
            // A switch may stand alone.
            if (equals < 0 && name == "discovery-plaintext" && (i + 1 >= args.Count || args[i + 1].StartsWith("--", StringComparison.Ordinal)))
            {
                _given[name] = ["true"];
                continue;
            }
            if (equals < 0 && i + 1 >= args.Count)
            {
                _problems.Add($"--{name} needs a value");
                continue;
            }
            string value = equals < 0 ? args[++i] : arg[(equals + 1)..];
            if (!_given.TryGetValue(name, out var list)) _given[name] = list = [];
            list.Add(value);
        }
    }

    private static bool IsKnown(string name)
    {
        foreach (var (flag, _) in Flags)
        {
            if (flag == name) return true;
        }
        return false;
    }

    private ProxyOptions Build() => new()
    {
        Role = Role(),
        Pod = Text("pod", "POD_NAME") ?? "",
        Namespace = Text("namespace", "POD_NAMESPACE") ?? "default",
        ServiceAccount = Text("service-account", "SERVICE_ACCOUNT") ?? "default",
        Address = OwnAddress(),
        Labels = LabelSet(),
        Owner = Text("owner") ?? "",
        ClusterId = Text("cluster-id") ?? "Kubernetes",
        Discovery = Text("discovery") ?? "",
        DiscoveryName = Text("discovery-name") ?? "istiod.istio-system.svc",
        DiscoveryPlaintext = Text("discovery-plaintext") == "true",
        RootCertificateFile = Text("root-cert") ?? "",
        TokenFile = Text("token-file") ?? "",
        TrustDomain = Text("trust-domain") ?? "cluster.local",
        ClusterDomain = Text("cluster-domain") ?? "cluster.local",
        OutboundDescriptor = Number("outbound-fd", -1, 0, 1 << 20),
        InboundDescriptor = Number("inbound-fd", -1, 0, 1 << 20),
        DnsDescriptor = Number("dns-fd", -1, 0, 1 << 20),
        Doors = DoorList(),
        AdminSocket = Text("admin-socket") ?? "",
        Mark = Number("mark", 0, 0, int.MaxValue),
        Concurrency = Number("concurrency", 0, 0, 256),
        UpstreamDns = Resolver(),
        DrainSeconds = Number("drain-seconds", 45, 0, 86400),
        DetectionTimeoutMilliseconds = Number("detection-timeout-ms", 1000, 10, 600000),
        AccessLog = Text("access-log") != "false",
        OutboundPort = Number("outbound-port", 15001, 0, 65535),
        InboundPort = Number("inbound-port", 15006, 0, 65535),
        AdminAddress = AddressAndPort("admin-address", new IPEndPoint(IPAddress.Loopback, 15000)),
        StatusPort = Number("status-port", 15021, 0, 65535),
        MetricsPort = Number("metrics-port", 15090, 0, 65535),
        DnsPort = Number("dns-port", 15053, 0, 65535),
    };

    private string? Text(string flag, string? fallback = null)
    {
        if (_given.TryGetValue(flag, out var values)) return values[^1];
        string? value = _environment("WEFT_" + flag.Replace('-', '_').ToUpperInvariant());
        if (string.IsNullOrEmpty(value) && fallback is not null) value = _environment(fallback);
        return string.IsNullOrEmpty(value) ? null : value;
    }

    private int Number(string flag, int otherwise, int least, int most)
    {
        string? text = Text(flag);
        if (text is null) return otherwise;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most) return value;
        _problems.Add($"--{flag} must be a number from {least} to {most}, not '{text}'");
        return otherwise;
    }

    private ProxyRole Role()
    {
        switch (Text("role"))
        {
            case null or "sidecar": return ProxyRole.Sidecar;
            case "router": return ProxyRole.Router;
            case var other:
                _problems.Add($"--role must be sidecar or router, not '{other}'");
                return ProxyRole.Sidecar;
        }
    }

    private string OwnAddress()
    {
        string text = Text("address", "INSTANCE_IP") ?? "127.0.0.1";
        if (!IPAddress.TryParse(text, out _)) _problems.Add($"--address must be an IP address, not '{text}'");
        return text;
    }

    private IPEndPoint AddressAndPort(string flag, IPEndPoint otherwise)
    {
        string? text = Text(flag);
        if (text is null) return otherwise;
        if (IPEndPoint.TryParse(text, out var address)) return address;
        _problems.Add($"--{flag} must be HOST:PORT with an IP address, not '{text}'");
        return otherwise;
    }

    private IPAddress? Resolver()
    {
        string? text = Text("upstream-dns");
        if (text is null) return null;
        if (IPAddress.TryParse(text, out var address)) return address;
        _problems.Add($"--upstream-dns must be an IP address, not '{text}'");
        return null;
    }

    private Dictionary<string, string> LabelSet()
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        string text = Text("labels") ?? "";
        foreach (string pair in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) _problems.Add($"--labels: '{pair}' is not key=value");
            else labels[pair[..equals]] = pair[(equals + 1)..];
        }
        return labels;
    }

    private List<Door> DoorList()
    {
        var doors = new List<Door>();
        var texts = _given.TryGetValue("door", out var values) ? values : Text("door") is { } one ? [.. one.Split(',')] : [];
        foreach (string text in texts)
        {
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0
                && int.TryParse(text.AsSpan(0, equals), NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and < 65536
                && int.TryParse(text.AsSpan(equals + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int descriptor))
                doors.Add(new Door(port, descriptor));
            else
                _problems.Add($"--door must be PORT=FD, not '{text}'");
        }
        return doors;
    }
}
