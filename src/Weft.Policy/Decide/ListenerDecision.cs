using Weft.Policy.Blocks;
using Weft.Policy.Model;
using Weft.Policy.Snapshot;
using Weft.Policy.Trace;

namespace Weft.Policy.Decide;

/// <summary>Hands a captured connection to the listener of its original destination (<c>use_original_dst</c>).</summary>
public static class ListenerDecision
{
    /// <summary>Exact address and port, then the wildcard address with that port, then the capturing listener itself.</summary>
    /// <param name="snapshot">The state that decides.</param>
    /// <param name="capturing">The listener that accepted (<c>virtualOutbound</c>).</param>
    /// <param name="destination">The original destination.</param>
    /// <param name="trace">Hears what was looked at.</param>
    public static ListenerChoice Choose<TTrace>(MeshSnapshot snapshot, ResourceId capturing, in IpPort destination, ref TTrace trace)
        where TTrace : struct, IDecisionTrace
    {
        ListenerView own = snapshot.Listener(capturing);
        var choice = new ListenerChoice(capturing, ListenerMatch.Capturing);
        if (own.Root.UseOriginalDestination)
        {
            ResourceId exact = snapshot.FindListener(destination);
            IpAddress any = destination.Address.IsV4 ? IpAddress.AnyV4 : default;
            ResourceId wildcard = exact.IsNone ? snapshot.FindListener(new IpPort(any, destination.Port)) : ResourceId.None;
            if (CanTake(snapshot, exact, own))
                choice = new ListenerChoice(exact, ListenerMatch.Exact);
            else if (CanTake(snapshot, wildcard, own))
                choice = new ListenerChoice(wildcard, ListenerMatch.Wildcard);
        }

        if (TTrace.IsRecording)
            Explain(snapshot, choice, destination, ref trace);
        return choice;
    }

    /// <summary>A connection never crosses from the outbound to the inbound side: on 0.0.0.0 both may have a listener for one port.</summary>
    private static bool CanTake(MeshSnapshot snapshot, ResourceId candidate, ListenerView own)
    {
        if (candidate.IsNone)
            return false;
        TrafficDirection direction = snapshot.Listener(candidate).Root.Direction;
        return direction == own.Root.Direction || direction == TrafficDirection.Unspecified;
    }

    private static void Explain<TTrace>(MeshSnapshot snapshot, ListenerChoice choice, IpPort destination, ref TTrace trace)
        where TTrace : struct, IDecisionTrace
    {
        ListenerView listener = snapshot.Listener(choice.Listener);
        string why = choice.Match switch
        {
            ListenerMatch.Exact => $"its address is the original destination {destination}",
            ListenerMatch.Wildcard => $"no listener for {destination}; it has the port on every address",
            _ => $"no listener for {destination} or for port {destination.Port}",
        };
        trace.Record(new TraceStep(
            DecisionStage.Listener,
            TraceVerdict.Taken,
            TraceText.Of(listener.Name),
            why,
            listener.Block.Origins(listener.Root.Origins)));
    }
}
