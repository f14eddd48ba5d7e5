using System;
using System.Text.RegularExpressions;

namespace Weft.Config;

/// <summary>Whether a text can be RE2 at all. The policy engine's compiler has the last word (it also has a state limit); this catches typos with a place.</summary>
internal static class RegexRules
{
    /// <summary>What is wrong, or null.</summary>
    internal static string? Check(string pattern)
    {
        if (pattern.Length == 0)
        {
            return "a regular expression must not be empty";
        }

        try
        {
            // NonBacktracking takes what an automaton can do, which is RE2's idea too: no lookaround, no back-references.
            _ = new Regex(pattern.Replace("(?P<", "(?<", StringComparison.Ordinal), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return null;
        }
        catch (RegexParseException e)
        {
            return $"\"{pattern}\" is not a valid regular expression: {e.Error}";
        }
        catch (NotSupportedException)
        {
            return $"\"{pattern}\" uses what RE2 does not have (lookaround, back-references, atomic groups)";
        }
        catch (ArgumentException)
        {
            return $"\"{pattern}\" is not a valid regular expression";
        }
    }
}
