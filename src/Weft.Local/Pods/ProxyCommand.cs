using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Weft.Native.Namespaces;
using Weft.Native.Processes;

namespace Weft.Local.Pods;

/// <summary>
/// Starts a pod's weft-proxy: in the pod's network, with the pod's listening sockets, its token and the mesh's root certificate
/// as descriptors. Nothing of it has a name that another pod could open.
/// </summary>
public static class ProxyCommand
{
    private const int OutboundNumber = 3;
    private const int InboundNumber = 4;
    private const int DnsNumber = 5;
    private const int TokenNumber = 6;
    private const int RootCertificateNumber = 7;
    private const int BinaryFolderNumber = 8;
    private const int FirstDoorNumber = 10;

    public static ChildProcess Start(PodNetwork network, ProxySpec spec)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(spec);
        using SafeFileHandle binaryFolder = ThreadNamespaces.OpenPlace(Path.GetDirectoryName(spec.Binary)!);
        using SafeFileHandle log = AppendFile.Open(Path.Combine(spec.Directory, "proxy.log"));
        Dictionary<int, SafeHandle> descriptors = new()
        {
            [1] = log,
            [2] = log,
            [OutboundNumber] = spec.Outbound.SafeHandle,
            [InboundNumber] = spec.Inbound.SafeHandle,
            [DnsNumber] = spec.Dns.SafeHandle,
            [TokenNumber] = spec.Token.Handle,
            [RootCertificateNumber] = spec.RootCertificate.Handle,
            [BinaryFolderNumber] = binaryFolder,
        };
        int door = FirstDoorNumber;
        List<string> doors = [];
        foreach ((int port, SafeFileHandle socket) in spec.Doors)
        {
            descriptors[door] = socket;
            doors.AddRange(["--door", string.Create(CultureInfo.InvariantCulture, $"{port}={door}")]);
            door++;
        }

        List<string> words = [.. Words(spec), .. doors];
        (string path, List<string> arguments) = spec.User.IsRoot
            // Another user could not pass a /root with mode 700: its folder is opened here and passed by descriptor.
            ? (Tool.Require("setpriv"), (List<string>)
                [$"--reuid={WorkloadUser.ProxyId}", $"--regid={WorkloadUser.ProxyId}", "--clear-groups", "--inh-caps=-all", "--bounding-set=-all", "--no-new-privs", "--", $"/proc/self/fd/{BinaryFolderNumber}/{Path.GetFileName(spec.Binary)}", .. words])
            : (spec.Binary, words);
        return network.Within(() => ChildProcess.Start(new ProcessSpec
        {
            Path = path,
            Arguments = arguments,
            // .NET asks for a home when it looks for certificate stores; one that is not there is answer enough and takes no file.
            Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin", ["LC_ALL"] = "C.UTF-8", ["HOME"] = "/nonexistent" },
            WorkingDirectory = spec.Directory,
            Descriptors = descriptors,
            NewSession = true,
        }));
    }

    private static List<string> Words(ProxySpec spec)
    {
        string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
        List<string> words =
        [
            "--role", spec.IsRouter ? "router" : "sidecar",
            "--pod", spec.Identity.Name,
            "--namespace", spec.Identity.Namespace,
            "--service-account", spec.Identity.ServiceAccount,
            "--address", spec.Identity.Address.ToString(),
            "--owner", spec.Identity.Workload,
            "--discovery", spec.Discovery,
            "--discovery-name", "istiod.istio-system.svc",
            "--root-cert", $"/proc/self/fd/{RootCertificateNumber}",
            "--token-file", $"/proc/self/fd/{TokenNumber}",
            "--outbound-fd", Text(OutboundNumber),
            "--inbound-fd", Text(InboundNumber),
            "--dns-fd", Text(DnsNumber),
            // By its working folder: sun_path is short and names are long, and the folders above are closed to the proxy's user.
            "--admin-socket", "/proc/self/cwd/admin.sock",
            "--concurrency", Text(spec.Concurrency),
            "--trust-domain", spec.TrustDomain,
            "--cluster-domain", "cluster.local",
            "--upstream-dns", spec.UpstreamDns,
            "--drain-seconds", Text(spec.DrainSeconds),
            // As an owner of its own it needs no mark, and without CAP_NET_ADMIN it could not set one.
            "--mark", Text(spec.User.IsRoot ? 0 : Interception.LoopGuards.ProxyId),
        ];
        if (spec.Identity.Labels.Count > 0)
        {
            words.AddRange(["--labels", string.Join(',', spec.Identity.Labels.Select(label => $"{label.Key}={label.Value}"))]);
        }

        return words;
    }
}
