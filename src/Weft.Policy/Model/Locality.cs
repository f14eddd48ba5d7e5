namespace Weft.Policy.Model;

/// <summary>Where an endpoint is. <paramref name="Weight"/> is LocalityLbEndpoints.load_balancing_weight (0: unset).</summary>
public sealed record Locality(string Region, string Zone, string SubZone, uint Weight = 0)
{
    public static Locality None { get; } = new("", "", "");
}
