using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using Weft.Local.Machine;
using Weft.Interception;
using Weft.Native.Processes;

namespace Weft.Local.Pods;

/// <summary>
/// What a pod has before anything runs in it: its network with redirection, the proxy's listening sockets, its tokens, its folder
/// for logs. Owns them all.
/// </summary>
public sealed class PodSandbox : IDisposable
{
    private readonly Socket? _outbound;
    private readonly Socket? _inbound;
    private readonly Socket? _dns;

    private PodSandbox(PodIdentity identity, PodNetwork network, PodTokens tokens, string directory, Socket? outbound, Socket? inbound, Socket? dns)
    {
        Identity = identity;
        Network = network;
        Tokens = tokens;
        Directory = directory;
        (_outbound, _inbound, _dns) = (outbound, inbound, dns);
    }

    public PodIdentity Identity { get; }

    public PodNetwork Network { get; }

    public PodTokens Tokens { get; }

    public string Directory { get; }

    public bool HasProxy => _outbound is not null;

    /// <summary>Makes it all; blocking, some tens of milliseconds.</summary>
    /// <param name="identity">The pod, with its address.</param>
    /// <param name="annotations">Its annotations: interception.</param>
    /// <param name="kind">Sidecar, gateway or neither.</param>
    /// <param name="services">The machine.</param>
    public static PodSandbox Create(PodIdentity identity, IReadOnlyDictionary<string, string> annotations, PodKind kind, PodServices services)
    {
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(services);
        string directory = MakeDirectory(identity, services);
        PodNetwork network = PodNetwork.Create(identity.Address, services.Network);
        try
        {
            if (kind == PodKind.Sidecar)
            {
                network.Intercept(SettingsOf(identity, annotations, services));
            }

            PodTokens tokens = new(identity, services.Tokens, services.Clock);
            return kind == PodKind.Plain
                ? new PodSandbox(identity, network, tokens, directory, null, null, null)
                : new PodSandbox(identity, network, tokens, directory,
                    network.Listen(IPAddress.Any, 15001), network.Listen(IPAddress.Any, 15006), network.BindUdp(IPAddress.Loopback, 15053));
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>How its proxy is started, every time.</summary>
    public ProxySpec ProxySpec(bool isRouter, Native.MemoryFile rootCertificate, PodServices services)
    {
        ArgumentNullException.ThrowIfNull(services);
        return new ProxySpec
        {
            Identity = Identity,
            IsRouter = isRouter,
            Binary = Path.Combine(services.Options.BinaryDirectory, "weft-proxy"),
            Directory = Directory,
            Outbound = _outbound!,
            Inbound = _inbound!,
            Dns = _dns!,
            Token = Tokens.ForProxy,
            RootCertificate = rootCertificate,
            Doors = isRouter ? services.Options.Doors : new Dictionary<int, Microsoft.Win32.SafeHandles.SafeFileHandle>(),
            User = new WorkloadUser(services.Options.IsRoot),
            Discovery = string.Create(CultureInfo.InvariantCulture, $"{services.Network.MachineAddress}:{services.Network.DiscoveryPort}"),
            TrustDomain = services.Options.TrustDomain,
            UpstreamDns = services.Network.MachineAddress.ToString(),
            Concurrency = services.Options.ProxyConcurrency,
        };
    }

    /// <summary>The walls for its workload.</summary>
    public WallSpec Walls(PodServices services)
    {
        ArgumentNullException.ThrowIfNull(services);
        MachineOptions options = services.Options;
        return new WallSpec
        {
            HostName = Identity.Name,
            Hidden = ["/run", "/tmp", "/var/tmp", "/dev/shm", Path.GetDirectoryName(options.Paths.StateDirectory)!, Path.GetDirectoryName(options.Paths.RunDirectory)!],
            Shown = [options.Paths.Directory, options.BinaryDirectory, .. ToolFolders(options.HostPath)],
            ResolvConf = $"nameserver {services.Network.MachineAddress}\nsearch {Identity.Namespace}.svc.cluster.local svc.cluster.local cluster.local\noptions ndots:5\n",
            Hosts = $"127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n{Identity.Address}\t{Identity.Name}\n",
            RunFiles = new Dictionary<string, string>
            {
                [PodTokens.WorkloadTokenFile] = Tokens.ForWorkload(),
                ["secrets/kubernetes.io/serviceaccount/namespace"] = Identity.Namespace,
            },
            User = new WorkloadUser(options.IsRoot),
        };
    }

    public void Dispose()
    {
        _outbound?.Dispose();
        _inbound?.Dispose();
        _dns?.Dispose();
        Tokens.Dispose();
        Network.Dispose();
    }

    private static InterceptionSettings SettingsOf(PodIdentity identity, IReadOnlyDictionary<string, string> annotations, PodServices services)
    {
        // As root the proxy is a user of its own; the mark stays a guard beside it for what the machine itself opens in the pod.
        LoopGuards guards = services.Options.IsRoot ? LoopGuards.Owner with { Mark = LoopGuards.ProxyId } : LoopGuards.SocketMark;
        List<InterceptionProblem> problems = [];
        InterceptionSettings settings = InterceptionAnnotations.Read(annotations, guards, problems);
        foreach (InterceptionProblem problem in problems)
        {
            services.Log.SayOnce($"{identity.Workload}.{identity.Namespace}: annotation {problem.Annotation}: {problem.Message}");
        }

        return settings;
    }

    private static string MakeDirectory(PodIdentity identity, PodServices services)
    {
        MeshPaths paths = services.Options.Paths;
        string directory = paths.PodDirectory(identity.Namespace, identity.Name);
        System.IO.Directory.CreateDirectory(directory);
        string alias = paths.AliasOf(identity.Namespace, identity.Name);
        if (!Path.Exists(alias))
        {
            System.IO.Directory.CreateSymbolicLink(alias, directory);
        }

        if (services.Options.IsRoot)
        {
            // The proxy makes its admin socket there as a user of its own; nobody else may look in.
            HostUser.Give(directory, WorkloadUser.ProxyId, WorkloadUser.ProxyId);
            File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return directory;
    }

    /// <summary>
    /// Folders of the host's PATH, and for …/bin the folder above it (a version manager's node or python lives beside its bin):
    /// shown where walls would hide them.
    /// </summary>
    private static IEnumerable<string> ToolFolders(string path) => path.Split(':', StringSplitOptions.RemoveEmptyEntries)
        .Where(folder => folder.StartsWith('/'))
        .Select(folder => Path.GetFileName(folder.TrimEnd('/')) is "bin" or "sbin" or "shims" && folder.Count(c => c == '/') > 2 ? Path.GetDirectoryName(folder.TrimEnd('/'))! : folder)
        .Concat(Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } dotnet ? [dotnet] : []);
}
