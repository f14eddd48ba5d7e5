using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Weft.Control.Derivation;
using Weft.Control.Model;

namespace Weft.Control.Tests;

/// <summary>
/// The same YAML through a real istiod (shared/conformance/istiod) and through us, in the Envoy dialect: the facts that decide where traffic goes must be the same. What differs on purpose stands in
/// <see cref="Differences"/> with its reason; a difference that is not there fails, and so does one there that no longer occurs.
/// </summary>
public sealed class IstiodScenarioTests
{
    /// <summary>Where a difference may occur, how its line begins, and why ours is another.</summary>
    private static readonly (string Where, string Fact, string Reason)[] Differences =
    [
        ("split/*", "istiod only: route 80 forecast.grid.svc.cluster.local", DefaultPort),
        ("split/*", "ours only: route 80 forecast.grid.svc.cluster.local", DefaultPort),
        ("gateway/web-1", "istiod only: route 80 *.dev.example", DefaultPort),
        ("gateway/web-1", "ours only: route 80 *.dev.example", DefaultPort),
        ("gateway/web-1", "istiod only: route 80 grid.example", DefaultPort),
        ("gateway/web-1", "ours only: route 80 grid.example", DefaultPort),
        ("gateway/web-1", "istiod only: route 80 old.example", DefaultPort),
        ("gateway/web-1", "ours only: route 80 old.example", DefaultPort),
        ("*/meters-1", "ours only: route peers.grid.svc.cluster.local:7000", "A route configuration that no listener of this pod names: its only user would be the listener on its own address."),
        ("mtls/*", "istiod only: cluster outbound|7000||peers", "The port is DISABLE for every pod behind the service: istiod still sends mutual TLS there, which the servers refuse."),
        ("mtls/*", "istiod only: cluster outbound|80||ledger", "TLS mode SIMPLE is not honoured yet: the object is refused, and so automatic mutual TLS stays."),
        ("mtls/*", "ours only: cluster outbound|80||ledger", "As above."),
        ("mtls/*", "istiod only: endpoint outbound|80||ledger", "As above."),
        ("mtls/*", "ours only: endpoint outbound|80||ledger", "As above."),
        ("mtls/*", "istiod only: endpoint outbound|6379||store", "The cluster has no socket to choose by that label: a DestinationRule switched TLS off."),
        ("mtls/*", "ours only: endpoint outbound|6379||store", "As above."),
        ("gateway/gateway-1", "istiod only: listener 0.0.0.0_8443", TlsServers),
        ("gateway/gateway-1", "istiod only: listener 0.0.0.0_8081", TlsServers),
        ("gateway/gateway-1", "istiod only: route https.443", TlsServers),
        ("gateway/gateway-1", "istiod only: route http.8081", TlsServers),
    ];

    private const string DefaultPort =
        "A destination without a port means the service's only port, as Istio documents; its sidecars use the listener's port where the service has none of that number, which makes a cluster that does not exist.";

    private const string TlsServers = "Servers with a tls block are refused until gateways terminate TLS; the test takes them out, because a refused one takes its Gateway along.";

    public static TheoryData<string, string, string> Cases => new()
    {
        { "base", "web-1", "grid" },
        { "base", "ledger-1", "grid" },
        { "base", "meters-1", "grid" },
        { "base", "store-1", "grid" },
        { "base", "report-1", "ops" },
        { "base", "gateway-1", "istio-system" },
        { "split", "web-1", "grid" },
        { "split", "ledger-1", "grid" },
        { "mtls", "web-1", "grid" },
        { "mtls", "meters-1", "grid" },
        { "mtls", "store-1", "grid" },
        { "gateway", "web-1", "grid" },
        { "gateway", "gateway-1", "istio-system" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Derive_IstiodScenario_GivesTheSameFacts(string scenario, string pod, string ns)
    {
        string root = FindConformance();
        Assert.SkipWhen(root.Length == 0, "shared/conformance is not here");

        string istio = Path.Combine(root, scenario, "istio.yaml");
        string yaml = File.ReadAllText(Path.Combine(root, "kube.yaml")) + "\n---\n" + (File.Exists(istio) ? WithoutTlsServers(File.ReadAllText(istio)) : "");
        ProxyDescription proxy = pod == "gateway-1" ? TestMesh.Router(pod, ns, Dialect.Envoy) : TestMesh.Sidecar(pod, ns, Dialect.Envoy);
        ProxySnapshot ours = TestMesh.Of(yaml).Derive(proxy);

        SortedSet<string> expected = IstiodFacts.Read(Path.Combine(root, scenario, pod + ".json"));
        SortedSet<string> actual = OurFacts.Read(ours);
        string[] different = [.. expected.Except(actual).Select(f => $"istiod only: {f}"), .. actual.Except(expected).Select(f => $"ours only: {f}")];

        (string Where, string Fact, string Reason)[] known = [.. Differences.Where(d => IsFor(d.Where, scenario, pod))];
        string[] unexplained = [.. different.Where(f => !known.Any(d => f.StartsWith(d.Fact, StringComparison.Ordinal)))];
        Assert.True(unexplained.Length == 0, $"{scenario}/{pod}:\n" + string.Join("\n", unexplained));
        string[] gone = [.. known.Where(d => !d.Where.StartsWith('*') && !different.Any(f => f.StartsWith(d.Fact, StringComparison.Ordinal))).Select(d => d.Fact)];
        Assert.True(gone.Length == 0, $"{scenario}/{pod}: no longer a difference:\n" + string.Join("\n", gone));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Derive_IstiodScenarioInWeftDialect_IsEnforcedByTheProxy(string scenario, string pod, string ns)
    {
        string root = FindConformance();
        Assert.SkipWhen(root.Length == 0, "shared/conformance is not here");

        string istio = Path.Combine(root, scenario, "istio.yaml");
        string yaml = File.ReadAllText(Path.Combine(root, "kube.yaml")) + "\n---\n" + (File.Exists(istio) ? WithoutTlsServers(File.ReadAllText(istio)) : "");
        MeshSettings settings = TestMesh.Settings with { AccessLogPath = "/dev/stdout" };
        Enforced.ByTheProxy(TestMesh.Of(yaml, settings).Derive(pod == "gateway-1" ? TestMesh.Router(pod, ns) : TestMesh.Sidecar(pod, ns)));
    }

    private static bool IsFor(string where, string scenario, string pod)
    {
        string[] parts = where.Split('/');
        return (parts[0] == "*" || parts[0] == scenario) && (parts[1] == "*" || parts[1] == pod);
    }

    private static string WithoutTlsServers(string yaml) =>
        string.Join('\n', yaml.Split('\n').Where(l => !(l.StartsWith("  - {port:", StringComparison.Ordinal) && l.Contains("tls: {", StringComparison.Ordinal))))
            .Replace("  selector: {app: gateway}\n  servers:\n---", "  selector: {app: gateway}\n  servers: []\n---", StringComparison.Ordinal);

    private static string FindConformance()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            foreach (string candidate in (string[])[Path.Combine(at.FullName, "shared/conformance/istiod"), Path.Combine(at.FullName, "../shared/conformance/istiod")])
            {
                if (Directory.Exists(candidate))
                {
                    return candidate;
                }
            }
        }

        return "";
    }
}
