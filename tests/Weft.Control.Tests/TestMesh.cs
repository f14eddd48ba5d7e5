using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Weft.Config;
using Weft.Control.Acceptance;
using Weft.Control.Collections;
using Weft.Control.Derivation;
using Weft.Control.FrontEnds;
using Weft.Control.Model;
using Weft.Store;
using Weft.Xds.Proto.Config.Cluster.V3;
using Weft.Xds.Proto.Config.Endpoint.V3;
using Weft.Xds.Proto.Config.Listener.V3;
using Weft.Xds.Proto.Config.Route.V3;

namespace Weft.Control.Tests;

/// <summary>A mesh from YAML text, as a synced source would give it.</summary>
internal sealed class TestMesh
{
    private TestMesh(MeshState state, MeshSettings settings)
    {
        State = state;
        Mesh = DerivedMesh.Of(new ModelBuilder(settings).Build(state));
    }

    public MeshState State { get; }

    public DerivedMesh Mesh { get; }

    public static MeshSettings Settings { get; } = new() { TrustBundlePem = MakeRoot() };

    public static TestMesh Of(string yaml, MeshSettings? settings = null) => new(StateOf(yaml), settings ?? Settings);

    public static MeshState StateOf(string yaml)
    {
        var acceptor = new Acceptor();
        acceptor.Apply(Batch(yaml));
        return acceptor.State;
    }

    /// <summary>A batch that says everything there is.</summary>
    public static ObjectBatch Batch(string yaml, bool isSynced = true, long revision = 1) => new([.. Read(yaml)], isSynced, revision);

    public static IEnumerable<ObjectChange> Read(string yaml)
    {
        ReadSet set = ResourceReader.ReadYaml(yaml, ReadOptions.FromApi);
        Assert.DoesNotContain(set.Diagnostics, d => d.Severity == DiagnosticSeverity.Error);
        return set.Objects.Select(o => new ObjectChange(o.Resource!.Key, o));
    }

    public static ProxyDescription Sidecar(string pod, string ns = "grid", Dialect dialect = Dialect.Weft) => Proxy(ProxyKind.Sidecar, pod, ns, dialect);

    public static ProxyDescription Router(string pod, string ns = "istio-system", Dialect dialect = Dialect.Weft) => Proxy(ProxyKind.Router, pod, ns, dialect);

    public ProxySnapshot Derive(ProxyDescription proxy) => Mesh.Derive(proxy);

    public static T Parse<T>(XdsResource resource)
        where T : IMessage<T>, new() => new MessageParser<T>(() => new T()).ParseFrom(resource.Any.Value);

    public static Cluster Cluster(ProxySnapshot snapshot, string name) => Parse<Cluster>(Need(snapshot, XdsTypes.Cluster, name));

    public static Listener Listener(ProxySnapshot snapshot, string name) => Parse<Listener>(Need(snapshot, XdsTypes.Listener, name));

    public static ClusterLoadAssignment Endpoints(ProxySnapshot snapshot, string name) => Parse<ClusterLoadAssignment>(Need(snapshot, XdsTypes.Endpoints, name));

    /// <summary>The virtual hosts of a route configuration, wherever the dialect keeps them.</summary>
    public static ImmutableArray<VirtualHost> Hosts(ProxySnapshot snapshot, string configuration)
    {
        RouteConfiguration routes = Parse<RouteConfiguration>(Need(snapshot, XdsTypes.Routes, configuration));
        return routes.Vhds is null
            ? [.. routes.VirtualHosts]
            : [.. snapshot.Of(XdsTypes.VirtualHost).Where(r => r.Name.StartsWith(configuration + "/", StringComparison.Ordinal)).Select(Parse<VirtualHost>)];
    }

    public static VirtualHost Host(ProxySnapshot snapshot, string configuration, string name) =>
        Assert.Single(Hosts(snapshot, configuration), h => h.Name == name);

    public static string[] NamesOf(ProxySnapshot snapshot, string typeUrl) => [.. snapshot.Of(typeUrl).Select(r => r.Name).Order(StringComparer.Ordinal)];

    /// <summary>Any certificate will do, but the proxy reads it.</summary>
    private static string MakeRoot()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test root", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 root = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        return root.ExportCertificatePem() + "\n";
    }

    private static XdsResource Need(ProxySnapshot snapshot, string typeUrl, string name)
    {
        XdsResource? resource = snapshot.Find(typeUrl, name);
        Assert.True(resource is not null, $"no {XdsTypes.ShortName(typeUrl)} '{name}' among: {string.Join(", ", NamesOf(snapshot, typeUrl))}");
        return resource;
    }

    private static ProxyDescription Proxy(ProxyKind kind, string pod, string ns, Dialect dialect) => new()
    {
        Id = $"{(kind == ProxyKind.Router ? "router" : "sidecar")}~10.0.0.1~{pod}.{ns}~{ns}.svc.cluster.local",
        Kind = kind,
        Dialect = dialect,
        Namespace = ns,
        Name = pod,
    };
}
