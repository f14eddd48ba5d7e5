using System.Runtime.InteropServices;

namespace Weft.Policy.Blocks;

/// <summary>An endpoint set's own fields. Endpoints lie sorted by priority, ready ones first within each.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct EndpointSetRecord
{
    public Run Endpoints;

    /// <summary>One <see cref="PriorityRecord"/> for each priority, from 0.</summary>
    public Run Priorities;
    public uint OverprovisioningFactor;
    public int ReadyCount;
    public Run Origins;
}
