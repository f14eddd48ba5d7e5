using System.Collections.Generic;
using Weft.Config;

namespace Weft.Store.Tests;

/// <summary>Small objects for tests of the store.</summary>
internal static class TestObjects
{
    internal static Resource Service(string name, string ns = "grid", int port = 8080, IReadOnlyDictionary<string, string>? labels = null) =>
        ResourceReader.Create(
            Kinds.Service,
            new ObjectMeta { Name = name, Namespace = ns, Labels = labels ?? EmptyMap.OfStrings },
            ResourceNode.Mapping(("spec", ResourceNode.Mapping(("ports", ResourceNode.Sequence([ResourceNode.Mapping(("port", port))]))))));

    internal static Resource Pod(string name, string? ip = null, string ns = "grid") =>
        ResourceReader.Create(
            Kinds.Pod,
            new ObjectMeta { Name = name, Namespace = ns },
            ResourceNode.Mapping(
                ("spec", ResourceNode.Mapping(("serviceAccountName", "web"))),
                ("status", ip is null ? null : ResourceNode.Mapping(("podIP", ip)))));

    internal static ObjectKey ServiceKey(string name, string ns = "grid") => new("", "Service", ns, name);
}
