using System;
using System.Text;
using CsCheck;
using Weft.Policy.Regex;
using Weft.Policy.Tests.Support;

namespace Weft.Policy.Tests.Regex;

public class RegexRewriterTests
{
    [Theory]
    [InlineData("^/service/([^/]+)(/.*)$", "\\2/instance/\\1", "/service/foo/v1/api", "/v1/api/instance/foo")]
    [InlineData("one", "two", "/xxx/one/yyy/one/zzz", "/xxx/two/yyy/two/zzz")]
    [InlineData("^(.*?)one(.*)$", "\\1two\\2", "/xxx/one/yyy/one/zzz", "/xxx/two/yyy/one/zzz")]
    [InlineData("(?i)/xxx/", "/yyy/", "/aaa/XxX/bbb", "/aaa/yyy/bbb")]
    [InlineData("^/prefix(/?)(.*)", "/\\2", "/prefix/a/b", "/a/b")]
    [InlineData("^/prefix(/?)(.*)", "/\\2", "/prefix", "/")]
    [InlineData("a*", "x", "baac", "xbxcx")]                     // RE2's empty matches
    [InlineData("", "-", "ab", "-a-b-")]
    [InlineData("é", "e", "/café", "/cafe")]
    [InlineData("x", "\\0\\0", "axb", "axxb")]
    [InlineData("(a)|(b)", "[\\1\\2]", "ab", "[a][b]")]          // a group that took no part is empty
    [InlineData("a|ab", "X", "ab", "Xb")]                        // preferred alternative, not the longest
    [InlineData("b", "\\\\", "abc", "a\\c")]
    [InlineData("nothing", "x", "/kept", "/kept")]
    public void TryReplaceAll_Re2Substitution_ReplacesEveryMatch(string pattern, string substitution, string input, string expected)
        => Assert.Equal(expected, Replace(pattern, substitution, input));

    [Theory]
    [InlineData("(a)", "\\2")]
    [InlineData("(a)", "\\x")]
    [InlineData("(a)", "\\")]
    public void TryCompileRewrite_SubstitutionThatNamesNoGroup_IsRefused(string pattern, string substitution)
        => Assert.False(RegexCompiler.TryCompileRewrite(pattern, substitution, out _, out _));

    [Fact]
    public void TryReplaceAll_DestinationTooSmall_SaysSo()
    {
        Assert.True(RegexCompiler.TryCompileRewrite("a", "bbbb", out byte[] program, out _));

        Assert.False(RegexRewriter.TryReplaceAll(program, "aaaa"u8, new RegexScratch(), new byte[15], out _, out _));
        Assert.True(RegexRewriter.TryReplaceAll(program, "aaaa"u8, new RegexScratch(), new byte[16], out int written, out _));
        Assert.Equal(16, written);
    }

    [Fact]
    public void TryReplaceAll_QuadraticPattern_GivesUpAtTheWorkLimit()
    {
        Assert.True(RegexCompiler.TryCompileRewrite("a.*z|a", "b", out byte[] program, out _));
        byte[] input = Encoding.ASCII.GetBytes(new string('a', 8_000));

        Assert.False(RegexRewriter.TryReplaceAll(program, input, new RegexScratch(), new byte[16_000], out _, out _));
    }

    [Fact]
    public void TryReplaceAll_RandomPatterns_AgreesWithDotNet()
    {
        // Greedy and lazy pieces that never match the empty string: there .NET and RE2 mean the same.
        Gen<string> piece = Pick.From("a", "b", "(a|ab)", "(b+)", "(a+?)", "[ab]c", "(?:ab|a)(b|bc)", "a{2}");
        Gen<string> pattern = piece.Array[1, 3].Select(p => string.Concat(p));
        Gen<string> input = Pick.From("a", "b", "c").Array[0, 12].Select(p => string.Concat(p));
        Gen.Select(pattern, input).Sample((p, i) =>
        {
            string expected = System.Text.RegularExpressions.Regex.Replace(i, p, "<$0>");
            Assert.Equal(expected, Replace(p, "<\\0>", i));
        }, iter: 3000);
    }

    private static string Replace(string pattern, string substitution, string input)
    {
        Assert.True(RegexCompiler.TryCompileRewrite(pattern, substitution, out byte[] program, out string error), error);
        byte[] bytes = Encoding.UTF8.GetBytes(input);
        var destination = new byte[1024];
        Assert.True(RegexRewriter.TryReplaceAll(program, bytes, new RegexScratch(), destination, out int written, out bool isChanged));
        return Encoding.UTF8.GetString(isChanged ? destination.AsSpan(0, written) : bytes);
    }
}
