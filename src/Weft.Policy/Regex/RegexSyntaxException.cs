using System;

namespace Weft.Policy.Regex;

/// <summary>The pattern cannot be used; the message says why, in RE2's words where it has them. Never leaves the compiler.</summary>
internal sealed class RegexSyntaxException(string message) : Exception(message);
