namespace Weft.Policy.Regex;

/// <summary>
/// Compiles RE2 patterns into images that lie in blocks: a byte DFA for matching, a tagged automaton with its substitution for rewriting.
/// Off-loop. Position independent; the same pattern gives the same bytes.
/// </summary>
public static class RegexCompiler
{
    /// <summary>A DFA that answers "does the whole input match" (<see cref="RegexDfa"/>).</summary>
    public static bool TryCompileMatcher(string pattern, out byte[] image, out string error)
    {
        try
        {
            (RegexNode root, _) = RegexParser.Parse(pattern);
            image = RegexDfaBuilder.Build(RegexProgram.Build(root, lastGroup: -1));
            error = "";
            return true;
        }
        catch (RegexSyntaxException e)
        {
            (image, error) = ([], e.Message);
            return false;
        }
    }

    /// <summary>A replace-all program (<see cref="RegexRewriter"/>); <c>\0</c>…<c>\9</c> in the substitution are groups.</summary>
    public static bool TryCompileRewrite(string pattern, string substitution, out byte[] image, out string error)
    {
        try
        {
            (RegexNode root, int groups) = RegexParser.Parse(pattern);
            RegexSubstitution parsed = RegexSubstitution.Parse(substitution, groups);
            image = RegexRewriteImage.Write(RegexProgram.Build(root, parsed.LastGroup), parsed);
            error = "";
            return true;
        }
        catch (RegexSyntaxException e)
        {
            (image, error) = ([], e.Message);
            return false;
        }
    }
}
