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

        // An address of its own: a bridge without one takes its ports' lowest and changes it as pods come, and a pod that asked
        // before then talks to nobody for a minute (seen as a proxy without a certificate in one start of ten).
        Tool.Run("ip", ["-batch", "-"],
            $"link set dev lo up\nlink add name {plan.BridgeName} address {plan.BridgeHardwareAddress} type bridge\naddress add {plan.MachineAddress}/{plan.PrefixLength} dev {plan.BridgeName}\nlink set dev {plan.BridgeName} up\n");
    }
}
