using System;
using System.IO;
using System.Text.Json;
using Weft.Testing;

namespace Weft.Identity.Tests;

public sealed class SpiffeIdTests
{
    [Fact]
    public void TryParse_EveryCaseOfGoSpiffe_AgreesAndSaysTheSame()
    {
        var path = RepositoryPaths.TryConformance("spiffe/spiffeid.json");
        Assert.SkipWhen(path is null, "../shared/conformance is not here");
        using var cases = JsonDocument.Parse(File.ReadAllText(path!));
        var seen = 0;
        foreach (var one in cases.RootElement.GetProperty("cases").EnumerateArray())
        {
            if (one.GetProperty("func").GetString() is not ("TestFromString" or "TestFromURI")) continue;
            var input = one.GetProperty("input").GetString();
            var isValid = SpiffeId.TryParse(input, out var id, out var error);
            Assert.True(isValid == one.GetProperty("ok").GetBoolean(), $"'{input}': {error}");
            if (isValid) Assert.Equal(input, id.ToString());
            else Assert.Equal(one.GetProperty("detail").GetString(), error);
            seen++;
        }

        Assert.True(seen > 20, $"only {seen} cases");
    }

    [Theory]
    [InlineData("spiffe://cluster.local/ns/grid/sa/web\0")]
    [InlineData("spiffe://cluster.local/ns/grid/sa/w\u0435b")]
    [InlineData("spiffe://cluster.local/ns/grid/sa/*")]
    [InlineData("spiffe://cluster.local/ns/grid/sa/web?x=1")]
    [InlineData("spiffe://cluster.local:443/ns/grid/sa/web")]
    [InlineData("spiffe://user@cluster.local/ns/grid/sa/web")]
    [InlineData("SPIFFE://cluster.local/ns/grid/sa/web")]
    [InlineData(" spiffe://cluster.local/ns/grid/sa/web")]
    public void T53_TryParse_WhatOnlyLooksLikeAnId_IsRefused(string text) => Assert.False(SpiffeId.TryParse(text, out _, out _));

    [Fact]
    public void TryParse_LongerThanTheStandardAllows_IsRefused()
    {
        Assert.False(SpiffeId.TryParse("spiffe://" + new string('a', 256), out _, out _));
        Assert.False(SpiffeId.TryParse("spiffe://a/" + new string('a', 2048), out _, out _));
        Assert.True(SpiffeId.TryParse("spiffe://" + new string('a', 255), out _, out _));
    }

    [Fact]
    public void TryGetServiceAccount_IstiosForm_GivesBothParts()
    {
        Assert.True(SpiffeId.TryParse("spiffe://cluster.local/ns/grid/sa/web", out var id, out _));
        Assert.True(id.TryGetServiceAccount(out var ns, out var sa));
        Assert.Equal(("grid", "web"), (ns, sa));
        Assert.True(id.TrustDomain.SequenceEqual("cluster.local"));
    }

    [Theory]
    [InlineData("spiffe://cluster.local/ns/grid/sa/web/more")]
    [InlineData("spiffe://cluster.local/ns/grid")]
    [InlineData("spiffe://cluster.local/sa/web/ns/grid")]
    [InlineData("spiffe://cluster.local")]
    public void TryGetServiceAccount_OtherForms_GiveNothing(string text)
    {
        Assert.True(SpiffeId.TryParse(text, out var id, out _));
        Assert.False(id.TryGetServiceAccount(out _, out _));
    }

    [Theory]
    [InlineData("cluster.local", "grid/sa/admin", "web")]
    [InlineData("cluster.local", "grid", "web/../admin")]
    [InlineData("cluster.local/ns/x", "grid", "web")]
    [InlineData("cluster.local", "", "web")]
    public void TryCreate_PartsThatWouldChangeTheForm_AreRefused(string trustDomain, string ns, string sa) =>
        Assert.False(SpiffeId.TryCreate(trustDomain, ns, sa, out _));
}
