using Weft.Policy.Blocks;
using Weft.Policy.Trace;

namespace Weft.Policy.Decide;

/// <summary>Says who was ready, who was not, and who was picked.</summary>
internal static class EndpointTrace
{
    private const int MaxListed = 64;

    public static void Explain<TTrace>(ClusterView cluster, EndpointSetView endpoints, EndpointChoice choice, ref TTrace trace)
        where TTrace : struct, IDecisionTrace
    {
        switch (choice.Outcome)
        {
            case EndpointOutcome.OriginalDestination:
                trace.Record(new TraceStep(DecisionStage.Endpoint, TraceVerdict.Taken, choice.Address.ToString(), "the original destination", []));
                return;
            case EndpointOutcome.NoHealthyUpstream:
                string why = endpoints.IsEmpty ? "no endpoints have arrived" : $"0 of {endpoints.Endpoints.Length} endpoints are ready";
                trace.Record(new TraceStep(DecisionStage.Endpoint, TraceVerdict.Failed, TraceText.Of(cluster.Name), why, []));
                if (!endpoints.IsEmpty)
                    List(cluster, endpoints, choice, ref trace);
                return;
            default:
                List(cluster, endpoints, choice, ref trace);
                return;
        }
    }

    private static void List<TTrace>(ClusterView cluster, EndpointSetView endpoints, EndpointChoice choice, ref TTrace trace)
        where TTrace : struct, IDecisionTrace
    {
        for (int i = 0; i < endpoints.Endpoints.Length; i++)
        {
            if (i >= MaxListed && i != choice.Index)
                continue;
            ref readonly EndpointRecord endpoint = ref endpoints.Endpoints[i];
            string detail = $"weight {endpoint.Weight}, priority {endpoint.Priority}, {endpoint.Health}";
            TraceVerdict verdict = i == choice.Index ? TraceVerdict.Taken : endpoint.IsReady ? TraceVerdict.Note : TraceVerdict.NotTaken;
            detail = verdict switch
            {
                TraceVerdict.Taken => $"{cluster.Root.LoadBalancing} picked it; {detail}",
                TraceVerdict.Note => "may be picked too; " + detail,
                _ => "not ready; " + detail,
            };
            trace.Record(new TraceStep(DecisionStage.Endpoint, verdict, endpoint.Endpoint.ToString(), detail, endpoints.Block.Origins(endpoint.Origins)));
        }
    }
}
