using System.Runtime.InteropServices;

namespace Weft.Policy.Model;

/// <summary>upstream_connection_options.tcp_keepalive; 0 leaves the kernel's value. Time and interval in seconds.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct TcpKeepaliveConfig(uint Probes, uint TimeSeconds, uint IntervalSeconds);
