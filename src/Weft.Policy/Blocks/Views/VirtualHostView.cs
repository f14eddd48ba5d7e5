using System;

namespace Weft.Policy.Blocks;

/// <summary>Reads a VirtualHost block.</summary>
public readonly ref struct VirtualHostView(BlockView block)
{
    public BlockView Block { get; } = block;

    public bool IsEmpty => Block.IsEmpty;

    public ref readonly VirtualHostRecord Root => ref Block.Root<VirtualHostRecord>();

    /// <summary>VirtualHost.name, without the route table's.</summary>
    public ReadOnlySpan<byte> Name => Block.Utf8(Root.Name);

    public ReadOnlySpan<RouteRecord> Routes => Block.Section<RouteRecord>(BlockSection.Routes);

    public ref readonly RouteRecord Route(int index) => ref Block.At<RouteRecord>(BlockSection.Routes, index);

    public ref readonly RouteActionRecord Action(scoped in RouteRecord route) => ref Block.At<RouteActionRecord>(BlockSection.RouteActions, route.ActionIndex);

    public ref readonly RedirectRecord Redirect(scoped in RouteRecord route) => ref Block.At<RedirectRecord>(BlockSection.Redirects, route.ActionIndex);

    public ref readonly DirectResponseRecord DirectResponse(scoped in RouteRecord route)
        => ref Block.At<DirectResponseRecord>(BlockSection.DirectResponses, route.ActionIndex);

    public ReadOnlySpan<HeaderMatcherRecord> HeaderMatchers(Run run) => Block.Slice<HeaderMatcherRecord>(BlockSection.HeaderMatchers, run);

    public ReadOnlySpan<QueryMatcherRecord> QueryMatchers(Run run) => Block.Slice<QueryMatcherRecord>(BlockSection.QueryMatchers, run);

    /// <summary>Index of the retry policy in force for a forwarding route: its own, else the virtual host's; -1 when there is none.</summary>
    public int RetryPolicyIndex(scoped in RouteActionRecord action) => action.RetryPolicy >= 0 ? action.RetryPolicy : Root.RetryPolicy;

    public RetryPolicyView RetryPolicy(int index) => new(Block, index);
}
