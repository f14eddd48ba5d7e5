using Weft.Policy.Blocks;
using Weft.Policy.Model;
using Weft.Policy.Trace;

namespace Weft.Policy.Decide;

/// <summary>Says what the chosen route does to the request besides choosing a cluster: rewrites, header operations, or its own answer.</summary>
internal static class RouteTrace
{
    public static void Describe<TTrace>(VirtualHostView virtualHost, in RouteRecord route, ref TTrace trace)
        where TTrace : struct, IDecisionTrace
    {
        switch (route.Action)
        {
            case RouteActionKind.Redirect:
                ref readonly RedirectRecord redirect = ref virtualHost.Redirect(route);
                Note(virtualHost, route, DecisionStage.Redirect, "redirect", $"answers {redirect.ResponseCode}", ref trace);
                break;
            case RouteActionKind.DirectResponse:
                ref readonly DirectResponseRecord response = ref virtualHost.DirectResponse(route);
                Note(virtualHost, route, DecisionStage.DirectResponse, "direct_response", $"answers {response.Status} with {response.Body.Length} bytes", ref trace);
                break;
            default:
                Rewrite(virtualHost, route, virtualHost.Action(route), ref trace);
                break;
        }

        if (route.RequestOps.Count + route.ResponseOps.Count > 0)
            Note(virtualHost, route, DecisionStage.HeaderOperation, "headers", HeaderOps(virtualHost.Block, route), ref trace);
    }

    private static void Rewrite<TTrace>(VirtualHostView virtualHost, in RouteRecord route, in RouteActionRecord action, ref TTrace trace)
        where TTrace : struct, IDecisionTrace
    {
        BlockView block = virtualHost.Block;
        string detail = "";
        if (!action.PrefixRewrite.IsEmpty)
            detail = $"what matched becomes '{block.String(action.PrefixRewrite)}'";
        else if (!action.RegexRewrite.IsEmpty)
            detail = $"'{block.String(action.RegexRewritePattern)}' becomes '{block.String(action.RegexRewriteSubstitution)}'";
        if (!action.HostRewriteLiteral.IsEmpty)
            detail += (detail.Length == 0 ? "" : "; ") + $"host becomes '{block.String(action.HostRewriteLiteral)}'";
        if (detail.Length > 0)
            Note(virtualHost, route, DecisionStage.Rewrite, "rewrite", detail, ref trace);
    }

    private static string HeaderOps(BlockView block, in RouteRecord route)
    {
        string text = "";
        foreach (ref readonly HeaderOpRecord op in block.HeaderOps(route.RequestOps))
            text += $", {(op.IsRemove == 1 ? "-" : "+")}{block.String(op.Name)}";
        foreach (ref readonly HeaderOpRecord op in block.HeaderOps(route.ResponseOps))
            text += $", response {(op.IsRemove == 1 ? "-" : "+")}{block.String(op.Name)}";
        return text[2..];
    }

    private static void Note<TTrace>(VirtualHostView virtualHost, in RouteRecord route, DecisionStage stage, string aspect, string detail, ref TTrace trace)
        where TTrace : struct, IDecisionTrace
        => trace.Record(new TraceStep(stage, TraceVerdict.Note, aspect, detail, virtualHost.Block.Origins(route.Origins, aspect)));
}
