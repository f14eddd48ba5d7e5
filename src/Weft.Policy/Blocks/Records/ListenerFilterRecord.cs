using System.Runtime.InteropServices;
using Weft.Policy.Model;

namespace Weft.Policy.Blocks;

/// <summary>A listener filter and the ports it leaves alone.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct ListenerFilterRecord
{
    public ListenerFilterKind Kind;
    public uint InitialReadBufferSize;
    public Run DisabledPorts;
}
