namespace Weft.Policy.Model;

/// <summary>An Istio service a cluster stands for.</summary>
public sealed record ServiceMetadata(string Host, string Name, string Namespace);
