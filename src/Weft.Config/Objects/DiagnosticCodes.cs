namespace Weft.Config;

/// <summary>The stable words of <see cref="Diagnostic.Code"/>; programs match on them, so they never change meaning.</summary>
public static class DiagnosticCodes
{
    public const string Syntax = "syntax";
    public const string TooLarge = "too-large";
    public const string DuplicateKey = "duplicate-key";
    public const string NotAnObject = "not-an-object";
    public const string UnknownKind = "unknown-kind";
    public const string UnknownField = "unknown-field";
    public const string WrongType = "wrong-type";
    public const string Required = "required";
    public const string InvalidValue = "invalid-value";

    /// <summary>The field means something in Istio that Weft does not do yet.</summary>
    public const string NotHonoured = "not-honoured";

    /// <summary>The kind is known and does nothing yet.</summary>
    public const string KindNotHonoured = "kind-not-honoured";

    public const string Deprecated = "deprecated";
    public const string DuplicateObject = "duplicate-object";
    public const string Unreadable = "unreadable";
}
