using Weft.Native.Linux;
using Weft.Policy;
using Weft.Proxy.Pool;
using Weft.Proxy.Workers;
using Weft.Reactor;

namespace Weft.Proxy.Downstream;

/// <summary>
/// Takes connections of one listening socket, on whichever loop accepted them. A capturing socket asks for the original destination; a bound
/// one (a gateway port, or a door handed over for it) stands for the listener of its address.
/// </summary>
/// <param name="side">Which side of the proxy this is.</param>
/// <param name="listener">Address of the listener in configuration: the capture port's on 0.0.0.0, or the gateway's.</param>
/// <param name="series">Metrics series of the socket.</param>
internal sealed class Acceptor(ListenerSide side, IpPort listener, int series) : IAcceptHandler
{
    public ILinkHandler? OnAccepted(Link link)
    {
        var worker = (Worker)link.Loop.Context!;
        worker.Shard.Increment(series + worker.Metrics.ListenerCxTotal.Offset);
        var destination = listener;
        if (side != ListenerSide.Gateway)
        {
            // Not redirected: somebody connected to the capture port itself. Its own address is then the destination.
            destination = Endpoints.ToPolicy(link.TryGetOriginalDestination(out IpEndpoint original) ? original : link.LocalAddress);
            // Meant for the capture port itself: to pass it on would be to connect to ourselves, for ever (attacks T88).
            if (destination.Port == listener.Port)
            {
                worker.Shard.Increment(worker.Metrics.LoopsRefused);
                return null;
            }
        }
        var connection = worker.RentConnection();
        // Beginning may already have handed the link to whoever serves it.
        return connection.Begin(link, side, listener, destination, series) ? link.Handler : Refuse(worker, connection, link);
    }

    private static ILinkHandler? Refuse(Worker worker, DownstreamConnection connection, Link link)
    {
        connection.LogRefusal(link);
        connection.End(link);
        worker.ReturnConnection(connection);
        return null;
    }
}
