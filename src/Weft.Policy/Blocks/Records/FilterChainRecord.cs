using System.Runtime.InteropServices;
using Weft.Policy.Model;

namespace Weft.Policy.Blocks;

/// <summary>A filter chain: its match, its transport socket and its terminal filter.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct FilterChainRecord
{
    public Text Name;
    public Run Origins;

    /// <summary>0: any.</summary>
    public int DestinationPort;
    public SourceType SourceType;
    public Run PrefixRanges;
    public Run ServerNames;

    /// <summary>Empty: any.</summary>
    public Text TransportProtocol;
    public Run ApplicationProtocols;
    public Run DirectSourcePrefixRanges;
    public Run SourcePrefixRanges;
    public Run SourcePorts;

    /// <summary>Into the downstream TLS contexts; -1 for plaintext.</summary>
    public int Tls;
    public TerminalFilterKind TerminalFilter;

    /// <summary>Into the HTTP managers or TCP proxies.</summary>
    public int TerminalIndex;
    public int Reserved;
    public TimeLimit TransportSocketConnectTimeout;
}
