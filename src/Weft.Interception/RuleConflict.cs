namespace Weft.Interception;

/// <summary>A rule of somebody else that would decide about traffic before or instead of ours.</summary>
public readonly record struct RuleConflict(string Table, string Rule)
{
    public override string ToString() => $"{Table}: {Rule}";
}
