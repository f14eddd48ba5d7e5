using System;
using System.Collections.Frozen;
using System.Collections.Generic;

namespace Weft.Config;

/// <summary>Which binder makes which kind's record. A later issue that builds a kind adds a row.</summary>
internal static class KindBinders
{
    private static readonly FrozenDictionary<KindInfo, Func<Envelope, Resource>> Binders = new Dictionary<KindInfo, Func<Envelope, Resource>>
    {
        [Kinds.Namespace] = e => Whole(e, CoreBinder.Namespace),
        [Kinds.Node] = e => Whole(e, CoreBinder.Node),
        [Kinds.Pod] = e => Whole(e, CoreBinder.Pod),
        [Kinds.Service] = e => Whole(e, CoreBinder.Service),
        [Kinds.Secret] = e => Whole(e, CoreBinder.Secret),
        [Kinds.ServiceAccount] = e => Whole(e, CoreBinder.ServiceAccount),
        [Kinds.ConfigMap] = e => Whole(e, CoreBinder.ConfigMap),
        [Kinds.EndpointSlice] = e => Whole(e, CoreBinder.EndpointSlice),
        [Kinds.Deployment] = e => Whole(e, CoreBinder.Deployment),
        [Kinds.VirtualService] = e => OfSpec(e, VirtualServiceBinder.Bind),
        [Kinds.DestinationRule] = e => OfSpec(e, DestinationRuleBinder.Bind),
        [Kinds.Gateway] = e => OfSpec(e, GatewayBinder.Bind),
        [Kinds.PeerAuthentication] = e => OfSpec(e, PeerAuthenticationBinder.Bind),
    }.ToFrozenDictionary();

    internal static Resource Bind(FieldReader root, KindInfo kind, string apiVersion, ObjectMeta metadata, ResourceNode content, string? file)
    {
        var envelope = new Envelope(root, kind, apiVersion, metadata, content, file);
        if (Binders.TryGetValue(kind, out Func<Envelope, Resource>? bind))
        {
            return bind(envelope);
        }

        ReportSupport(root, kind);
        return new Resource<ResourceNode>(kind, apiVersion, metadata, content, file, content["spec"] ?? ResourceNode.Null);
    }

    private static void ReportSupport(FieldReader root, KindInfo kind)
    {
        switch (kind.Support)
        {
            case KindSupport.Refused:
                root.FieldError("kind", DiagnosticSeverity.Error, DiagnosticCodes.KindNotHonoured,
                    $"This version of Weft does not enforce {kind.Kind}, so it is refused rather than accepted without effect. Remove it, or protect what it selects another way.");
                break;
            case KindSupport.NotHonoured:
                root.FieldError("kind", DiagnosticSeverity.Warning, DiagnosticCodes.KindNotHonoured, $"This version of Weft does not honour {kind.Kind}; it has no effect.");
                break;
            case KindSupport.Kept when root.Context.IsFile:
                root.FieldError("kind", DiagnosticSeverity.Info, DiagnosticCodes.KindNotHonoured, $"{kind.Kind} is for a cluster; here it has no effect.");
                break;
            default:
                break;
        }
    }

    private static Resource<T> Whole<T>(Envelope e, Func<FieldReader, T> bind)
        where T : class
    {
        T body = bind(e.Root);
        e.Root.Done();
        return new Resource<T>(e.Kind, e.ApiVersion, e.Metadata, e.Content, e.File, body);
    }

    private static Resource<T> OfSpec<T>(Envelope e, Func<FieldReader, T> bind)
        where T : class
    {
        e.Root.Known("status");
        T? spec = e.Root.Object("spec", bind);
        if (spec is null)
        {
            // No spec at all reads as an empty one: fine for a PeerAuthentication, and the binder says what else is missing.
            var empty = new FieldReader(e.Root.Context, ResourceNode.Mapping([]), "spec", "spec", e.Content.Line, e.Content.Column, isSilent: false);
            spec = bind(empty);
        }

        e.Root.Done();
        return new Resource<T>(e.Kind, e.ApiVersion, e.Metadata, e.Content, e.File, spec);
    }

    private sealed record Envelope(FieldReader Root, KindInfo Kind, string ApiVersion, ObjectMeta Metadata, ResourceNode Content, string? File);
}
