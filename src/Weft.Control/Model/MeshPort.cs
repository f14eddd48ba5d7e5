using Weft.Config;

namespace Weft.Control.Model;

/// <summary>One port of a service.</summary>
/// <param name="Number">What clients connect to.</param>
/// <param name="Name">Name in the Service; ties it to the ports of EndpointSlices.</param>
/// <param name="Protocol">As declared.</param>
/// <param name="TargetPort">Port of the workload when it is a number; 0 when it is <paramref name="TargetPortName"/>.</param>
/// <param name="TargetPortName">Name of a container port, or empty.</param>
/// <param name="Origin">The Service's field.</param>
public sealed record MeshPort(int Number, string Name, PortProtocol Protocol, int TargetPort, string TargetPortName, Origin Origin);
