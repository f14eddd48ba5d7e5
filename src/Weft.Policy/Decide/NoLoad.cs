namespace Weft.Policy.Decide;

/// <summary>Nothing in flight: for explain and for balancers that do not look.</summary>
public readonly struct NoLoad : IEndpointLoad
{
    public int ActiveRequests(int endpointIndex) => 0;
}
