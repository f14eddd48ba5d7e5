using System;
using System.Collections.Generic;
using System.Linq;
using Weft.Config.Core;
using Weft.Local.Pods;

namespace Weft.Local.Tests;

public sealed class PodsTests
{
    [Fact]
    public void Backoff_CrashAfterCrash_DoublesFromAFifthOfASecondToThirtySecondsAndForgetsAfterAStableLife()
    {
        RestartBackoff backoff = new();

        double[] pauses = [.. Enumerable.Range(0, 10).Select(_ => backoff.Next(TimeSpan.FromSeconds(1)).TotalSeconds)];

        Assert.Equal([0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30, 30], pauses, (a, b) => Math.Abs(a - b) < 0.001);
        Assert.Equal(0.2, backoff.Next(RestartBackoff.Stable).TotalSeconds, 3);
    }

    [Fact]
    public void Readiness_Thresholds_NeedTheirRunOfAnswers()
    {
        ReadinessGate gate = new(new Probe { SuccessThreshold = 2, FailureThreshold = 3 });

        Assert.False(gate.Count(true));
        Assert.True(gate.Count(true) && gate.IsReady);
        Assert.False(gate.Count(false));
        Assert.False(gate.Count(false));
        Assert.False(gate.Count(true));
        Assert.False(gate.Count(false));
        Assert.False(gate.Count(false));
        Assert.True(gate.IsReady);
        Assert.True(gate.Count(false) && !gate.IsReady);
    }

    [Theory]
    [InlineData("grid forecast --version v2", "grid|forecast|--version|v2")]
    [InlineData("  a   'b c'  \"d e\" f\\ g ", "a|b c|d e|f g")]
    [InlineData("a '' \"\" b", "a|||b")]
    [InlineData("x=\"a\\\"b\" 'c\\d' \"e\\f\"", "x=a\"b|c\\d|e\\f")]
    [InlineData("", "")]
    public void ShellWords_QuotesAndBlanks_SplitAsAShellDoes(string text, string words) =>
        Assert.Equal(words.Length == 0 ? [] : words.Split('|'), ShellWords.Split(text));

    [Fact]
    public void ShellWords_OpenQuote_IsRefused() => Assert.Throws<FormatException>(() => ShellWords.Split("a 'b"));

    [Theory]
    [InlineData("$(A)-$(B)", "1-$(B)")]
    [InlineData("$$(A) $A $(A", "$(A) $A $(A")]
    public void Environment_References_ExpandAsKubernetesDoes(string text, string expected) =>
        Assert.Equal(expected, PodEnvironment.Expand(text, new Dictionary<string, string> { ["A"] = "1" }));
}
