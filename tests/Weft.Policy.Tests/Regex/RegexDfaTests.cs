using System;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Weft.Policy.Regex;
using Weft.Policy.Tests.Support;

namespace Weft.Policy.Tests.Regex;

public class RegexDfaTests
{
    [Theory]
    [InlineData("/api/v[0-9]+/.*", "/api/v1/users", true)]
    [InlineData("/api/v[0-9]+/.*", "/api/v/users", false)]
    [InlineData("/api", "/api/", false)]                      // full match, not a search
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("a|bc|", "", true)]
    [InlineData("a|bc|", "bc", true)]
    [InlineData("(?i)hello", "HeLLo", true)]
    [InlineData("(?i)k", "\u212A", true)]                     // Kelvin sign folds to k
    [InlineData("(?i:a)b", "Ab", true)]
    [InlineData("(?i:a)b", "AB", false)]
    [InlineData(".", "é", true)]                              // one code point, two bytes
    [InlineData(".", "\n", false)]
    [InlineData("(?s).", "\n", true)]
    [InlineData("[^a]", "\n", true)]
    [InlineData("[а-я]+", "привет", true)]
    [InlineData("[^а-я]+", "привет", false)]
    [InlineData("\\d{3}-\\d{4}", "555-1234", true)]
    [InlineData("\\d{3}-\\d{4}", "55-1234", false)]
    [InlineData("a{2,3}", "aaa", true)]
    [InlineData("a{2,3}", "aaaa", false)]
    [InlineData("a{2,}", "aaaaaa", true)]
    [InlineData("a{,2}", "a{,2}", true)]                      // not a count: literal braces
    [InlineData("\\Qa.b\\E+", "a.bbb", true)]
    [InlineData("[[:alpha:]_][[:alnum:]_]*", "_x9", true)]
    [InlineData("[]a]+", "]a]", true)]
    [InlineData("[a\\-z]+", "-", true)]
    [InlineData("\\x41\\x{1F600}", "A😀", true)]
    [InlineData("\\pL+", "Łódź", true)]
    [InlineData("\\p{Lu}", "ł", false)]
    [InlineData("^abc$", "abc", true)]
    [InlineData("\\Aabc\\z", "abc", true)]
    [InlineData("a^b", "ab", false)]
    [InlineData("a$b", "ab", false)]
    [InlineData("(^a|b)+", "ab", true)]
    [InlineData("(^a|b)+", "ba", false)]
    [InlineData("(?P<year>\\d+)-(?<m>\\d+)", "2026-11", true)]
    [InlineData("spiffe://.+/ns/x/(.+/|)sa/y(/.+)?", "spiffe://cluster.local/ns/x/sa/y", true)]
    [InlineData("(a*)*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false)]
    public void IsMatch_PatternAndInput_AnswersForTheWholeInput(string pattern, string input, bool expected)
    {
        Assert.True(RegexCompiler.TryCompileMatcher(pattern, out byte[] image, out string error), error);

        Assert.Equal(expected, RegexDfa.IsMatch(image, Encoding.UTF8.GetBytes(input)));
    }

    [Fact]
    public void IsMatch_InvalidUtf8_IsNotADot()
    {
        Assert.True(RegexCompiler.TryCompileMatcher(".*", out byte[] image, out _));

        Assert.False(RegexDfa.IsMatch(image, [0xC3]));
        Assert.False(RegexDfa.IsMatch(image, [0xFF]));
        Assert.False(RegexDfa.IsMatch(image, [0xED, 0xA0, 0x80])); // a surrogate
        Assert.False(RegexDfa.IsMatch(image, [0xC0, 0xAF]));       // overlong '/'
    }

    [Theory]
    [InlineData("a**")]
    [InlineData("*a")]
    [InlineData("(a")]
    [InlineData("a)")]
    [InlineData("[a")]
    [InlineData("[z-a]")]
    [InlineData("a{1001}")]
    [InlineData("a{3,2}")]
    [InlineData("(a)\\1")]                                    // back-reference
    [InlineData("a(?=b)")]                                    // look-ahead
    [InlineData("\\bfoo")]
    [InlineData("(?m)^a")]
    [InlineData("\\p{Greek}")]
    [InlineData("[[:nope:]]")]
    [InlineData("\\y")]
    [InlineData("\\")]
    [InlineData("(?P<>a)")]
    [InlineData("\\x{110000}")]
    public void TryCompileMatcher_WhatLinearEnginesDoNotDo_IsRefusedByName(string pattern)
    {
        Assert.False(RegexCompiler.TryCompileMatcher(pattern, out _, out string error));

        Assert.Contains(pattern, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(.*a.{20})*")]                               // 2^20 states
    [InlineData("((((a{1000}){1000}){1000}){1000})")]
    [InlineData("(\\pL{500}){4}")]
    public void TryCompileMatcher_TooManyStates_IsRefusedQuickly(string pattern)
    {
        Assert.False(RegexCompiler.TryCompileMatcher(pattern, out _, out string error));

        Assert.Contains("too large", error, StringComparison.Ordinal);
    }

    [Fact]
    public void TryCompileMatcher_SamePattern_GivesSameBytes()
    {
        Assert.True(RegexCompiler.TryCompileMatcher("(?i)/a(b|c)*/[x-z]{2,5}.*", out byte[] first, out _));
        Assert.True(RegexCompiler.TryCompileMatcher("(?i)/a(b|c)*/[x-z]{2,5}.*", out byte[] second, out _));

        Assert.Equal(first, second);
    }

    [Fact]
    public void TryCompileMatcher_EquivalentPatterns_MinimiseToTheSameTable()
    {
        Assert.True(RegexCompiler.TryCompileMatcher("aa*|b", out byte[] first, out _));
        Assert.True(RegexCompiler.TryCompileMatcher("b|a+", out byte[] second, out _));

        Assert.Equal(first, second);
    }

    [Fact]
    public void IsMatch_RandomPatternsOfTheSharedSubset_AgreesWithDotNet()
    {
        Gen<string> atom = Pick.From("a", "b", "c", "[ab]", "[^a]", ".", "\\w", "é", "[а-в]", "(?:a|bc)", "(?:|c)", "x");
        Gen<string> piece = Gen.Select(atom, Pick.From("", "", "", "*", "+", "?", "{2}", "{0,2}", "*?", "+?"), (a, q) => a + q);
        Gen<string> sequence = piece.Array[1, 5].Select(p => string.Concat(p));
        Gen<string> pattern = Gen.Select(sequence, sequence, Gen.Int[0, 3], (x, y, how) => how switch
        {
            0 => x,
            1 => $"{x}|{y}",
            2 => $"({x}|{y})*{y}",
            _ => $"(?:{x}){{1,2}}{y}",
        });
        Gen<string> input = Pick.From("a", "b", "c", "x", "é", "б", "-", "\n").Array[0, 8].Select(p => string.Concat(p));

        Gen.Select(pattern, input.Array[12]).Sample((p, inputs) =>
        {
            // \w of .NET is Unicode, RE2's is ASCII.
            string shared = p.Replace("\\w", "[0-9A-Za-z_]", StringComparison.Ordinal);
            Assert.True(RegexCompiler.TryCompileMatcher(p, out byte[] image, out string error), error);
            var reference = new System.Text.RegularExpressions.Regex($"\\A(?:{shared})\\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            foreach (string i in inputs)
                Assert.True(reference.IsMatch(i) == RegexDfa.IsMatch(image, Encoding.UTF8.GetBytes(i)), $"{p} on '{i}'");
        }, iter: 2000);
    }
}
