using Weft.Config;

namespace Weft.Kubernetes.Tests;

/// <summary>Small objects for these tests.</summary>
internal static class TestObjects
{
    internal static Resource Service(string name, int port = 80) => ResourceReader.Create(
        Kinds.Service,
        new ObjectMeta { Name = name, Namespace = "grid" },
        ResourceNode.Mapping(("spec", ResourceNode.Mapping(("ports", ResourceNode.Sequence([ResourceNode.Mapping(("port", port))]))))));

    internal static ObjectKey Key(string name) => new("", "Service", "grid", name);
}
