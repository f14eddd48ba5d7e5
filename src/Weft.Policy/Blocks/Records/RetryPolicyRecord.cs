using System.Runtime.InteropServices;
using Weft.Policy.Model;

namespace Weft.Policy.Blocks;

/// <summary>RetryPolicy.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct RetryPolicyRecord
{
    public RetryOn RetryOn;
    public uint NumRetries;
    public TimeLimit PerTryTimeout;
    public TimeLimit PerTryIdleTimeout;
    public TimeLimit BackOffBase;
    public TimeLimit BackOffMax;
    public Run RetriableStatusCodes;
    public int ExcludePreviousHosts;
    public uint HostSelectionMaxAttempts;
}
