namespace Weft.Interception;

/// <summary>An annotation that could not be honoured, and what is done instead. The default always redirects more, never less.</summary>
public readonly record struct InterceptionProblem(string Annotation, string Message);
