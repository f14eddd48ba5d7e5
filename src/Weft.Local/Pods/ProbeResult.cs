namespace Weft.Local.Pods;

/// <summary>What one probe said. <paramref name="Message"/> is for people and says why not.</summary>
public readonly record struct ProbeResult(bool IsSuccess, string Message);
