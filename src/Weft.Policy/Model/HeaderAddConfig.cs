namespace Weft.Policy.Model;

/// <summary><c>HeaderValueOption</c>: the value is a command-operator format string (<c>%REQ(X)%</c>, <c>%%</c>).</summary>
public sealed record HeaderAddConfig(
    string Name, string Value, HeaderAppendAction Action = HeaderAppendAction.AppendIfExistsOrAdd, bool KeepEmptyValue = false);
