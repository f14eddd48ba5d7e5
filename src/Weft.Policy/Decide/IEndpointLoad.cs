namespace Weft.Policy.Decide;

/// <summary>Requests in flight to each endpoint: the one thing a pick needs that is not configuration. Counts come in, so the pick stays pure.</summary>
public interface IEndpointLoad
{
    /// <param name="endpointIndex">Index in the endpoint set that is picked from.</param>
    int ActiveRequests(int endpointIndex);
}
