using System.Runtime.InteropServices;
using Weft.Policy.Model;

namespace Weft.Policy.Blocks;

/// <summary>A listener's own fields.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct ListenerRecord
{
    public IpAddress Address;
    public int Port;
    public ListenerFlags Flags;
    public TimeLimit ListenerFiltersTimeout;
    public uint PerConnectionBufferLimitBytes;
    public TrafficDirection Direction;

    /// <summary>Into the filter chains; the default chain, if any, is the last one and not in this run.</summary>
    public Run FilterChains;

    /// <summary>-1 when there is none.</summary>
    public int DefaultFilterChain;
    public int Reserved;
    public Run ListenerFilters;
    public Run Origins;

    public readonly IpPort Endpoint => new(Address, Port);

    public readonly bool BindToPort => (Flags & ListenerFlags.BindToPort) != 0;

    public readonly bool UseOriginalDestination => (Flags & ListenerFlags.UseOriginalDestination) != 0;

    public readonly bool ContinueOnListenerFiltersTimeout => (Flags & ListenerFlags.ContinueOnListenerFiltersTimeout) != 0;
}
