namespace Weft.Proxy.Metrics;

/// <summary>The destination service of a request as metrics name it, with a number that stands for it.</summary>
internal sealed record ServiceName(int Id, string Service, string Name, string Namespace);
