using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Weft.Interception;
using Weft.Native.Namespaces;

namespace Weft.Local.Pods;

/// <summary>
/// One pod's network: a namespace without a name, kept by descriptor, with one veth to the machine's bridge. Closing it and
/// ending its processes is all it takes to remove it.
/// </summary>
public sealed class PodNetwork : IDisposable
{
    private const int PodLinkDescriptor = 3;

    private PodNetwork(SafeFileHandle handle, IPAddress address)
    {
        Handle = handle;
        Address = address;
    }

    /// <summary>Keeps the namespace alive.</summary>
    public SafeFileHandle Handle { get; }

    public IPAddress Address { get; }

    /// <summary>Makes the namespace and its link. Blocking, some 10 ms.</summary>
    /// <param name="address">The pod's own.</param>
    /// <param name="plan">The machine's network.</param>
    public static PodNetwork Create(IPAddress address, NetworkPlan plan)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(plan);
        SafeFileHandle handle = NamespaceThread.Run(() =>
        {
            ThreadNamespaces.Unshare(NamespaceKinds.Network);
            return ThreadNamespaces.Open("net");
        });
        PodNetwork network = new(handle, address);
        try
        {
            string link = LinkName(address);
            Tool.Run("ip", ["-batch", "-"],
                $"link add name {link} type veth peer name eth0 netns /proc/self/fd/{PodLinkDescriptor}\nlink set dev {link} master {plan.BridgeName} up\n",
                new Dictionary<int, SafeHandle> { [PodLinkDescriptor] = handle });
            network.Within(() => Configure(address, plan));
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>A network that somebody else made and configured; closing this closes <paramref name="handle"/>.</summary>
    internal static PodNetwork Adopt(SafeFileHandle handle, IPAddress address) => new(handle, address);

    /// <summary>Runs blocking work on a thread inside the pod's network.</summary>
    public T Within<T>(Func<T> work) => NamespaceThread.RunIn(Handle, work);

    /// <summary>
    /// Makes the redirection rules stand. Called again it finds them and does nothing.
    /// </summary>
    /// <exception cref="InvalidOperationException">Rules of somebody else would decide about this traffic; the message names them and nothing was changed.</exception>
    public void Intercept(InterceptionSettings settings)
    {
        RuleTable wanted = RedirectRules.Build(settings);
        if (wanted.Rules.Count == 0)
        {
            return;
        }

        Within(() =>
        {
            InterceptionPlan plan = InterceptionPlan.Make(wanted, IptablesText.Parse(Tool.Run("iptables-save", [])));
            if (plan.Conflicts.Count > 0)
            {
                throw new InvalidOperationException("rules that are not ours are in the way: " + string.Join("; ", plan.Conflicts));
            }

            if (plan.Restore is { } text)
            {
                Tool.Run("iptables-restore", ["--noflush"], text);
            }

            return true;
        });
    }

    /// <summary>A TCP socket that listens in the pod, opened by us so that connections wait in its backlog while a proxy restarts.</summary>
    public Socket Listen(IPAddress address, int port) => Within(() =>
    {
        const int backlog = 4096;
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        // Never the runtime's ReuseAddress: that is SO_REUSEPORT too, and a workload of the same user could then listen beside us.
        socket.Bind(new IPEndPoint(address, port));
        socket.Listen(backlog);
        return socket;
    });

    /// <summary>A UDP socket bound in the pod.</summary>
    public Socket BindUdp(IPAddress address, int port) => Within(() =>
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(address, port));
        return socket;
    });

    /// <summary>
    /// A TCP socket of the pod for the kubelet's probes. Its source is 127.0.0.6, which the rules let through to the workload
    /// (what Istio's probe rewrite does): a STRICT port must not refuse its own kubelet.
    /// </summary>
    public Socket OpenProbe() => Within(() =>
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(new IPAddress([127, 0, 0, 6]), 0));
        return socket;
    });

    public void Dispose() => Handle.Dispose();

    private static bool Configure(IPAddress address, NetworkPlan plan)
    {
        // No IPv6 between pods yet: a link-local address would be a way around IPv4 interception. Loopback keeps ::1.
        WriteSetting("net/ipv6/conf/eth0/disable_ipv6", "1");
        WriteSetting("net/ipv6/conf/default/disable_ipv6", "1");
        // As containerd does: port 80 needs no capability in a pod, which has none.
        WriteSetting("net/ipv4/ip_unprivileged_port_start", "0");
        Tool.Run("ip", ["-batch", "-"],
            $"link set dev lo up\naddress add {address}/{plan.PrefixLength} dev eth0\nlink set dev eth0 up\nroute add default via {plan.MachineAddress}\n");
        return true;
    }

    private static void WriteSetting(string name, string value)
    {
        string path = "/proc/sys/" + name;
        if (File.Exists(path))
        {
            File.WriteAllText(path, value);
        }
    }

    /// <summary>Host side of the link: the pod's place in the network, so that <c>ip link</c> in the machine reads well (IFNAMSIZ 15).</summary>
    private static string LinkName(IPAddress address) =>
        "v" + string.Join('.', address.GetAddressBytes().Skip(2).Select(part => part.ToString(CultureInfo.InvariantCulture)));
}
