using System.IO;
using Weft.Local.Pods;

namespace Weft.Local.Machine;

/// <summary>The machine's own network namespace, which unshare made empty: loopback, and the bridge that pods hang on.</summary>
public static class MachineNetwork
{
    public static void SetUp(NetworkPlan plan)
    {
        // Before any link exists, so that the bridge is born without IPv6.
        const string noIpv6 = "/proc/sys/net/ipv6/conf/default/disable_ipv6";
        if (File.Exists(noIpv6))
        {
            File.WriteAllText(noIpv6, "1");
        }

        Tool.Run("ip", ["-batch", "-"],
            $"link set dev lo up\nlink add name {plan.BridgeName} type bridge\naddress add {plan.MachineAddress}/{plan.PrefixLength} dev {plan.BridgeName}\nlink set dev {plan.BridgeName} up\n");
    }
}
