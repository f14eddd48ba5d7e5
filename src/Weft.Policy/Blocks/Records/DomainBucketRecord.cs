using System.Runtime.InteropServices;

namespace Weft.Policy.Blocks;

/// <summary>One slot of a domain index. <see cref="Hash"/> covers kind and text; <see cref="VirtualHost"/> is an ordinal plus one, 0 for a free slot.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct DomainBucketRecord
{
    public ulong Hash;
    public int VirtualHost;

    /// <summary>Which of the virtual host's domains.</summary>
    public int Domain;
}
