using System;
using Weft.Native.Linux;

namespace Weft.Reactor;

/// <summary>Takes datagrams of a <see cref="DatagramLink"/>, on its loop.</summary>
public interface IDatagramHandler
{
    /// <summary>One datagram. The bytes are the loop's scratch: copy what outlives the call.</summary>
    void OnDatagram(DatagramLink link, ReadOnlySpan<byte> datagram, in IpEndpoint sender);
}
