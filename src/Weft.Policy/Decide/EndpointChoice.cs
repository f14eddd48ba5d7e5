namespace Weft.Policy.Decide;

/// <summary>Where an attempt goes.</summary>
/// <param name="Outcome">What was found.</param>
/// <param name="Index">In the endpoint set; -1 unless <see cref="EndpointOutcome.Endpoint"/>.</param>
/// <param name="Address">What to connect to.</param>
/// <param name="IsRepeat">Every ready endpoint had been tried already, so an earlier one is tried again.</param>
public readonly record struct EndpointChoice(EndpointOutcome Outcome, int Index, IpPort Address, bool IsRepeat);
