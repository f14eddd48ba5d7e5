using System;
using System.Linq;
using System.Text;

namespace Weft.Config.Tests;

public sealed class JsonReaderTests
{
    [Fact]
    public void Read_AFile_KeepsLinesAndColumns()
    {
        ResourceNode node = Read("{\n  \"ü\": {\"b\": [1,\n    true]}\n}", "f.json").Documents.Single();

        Assert.Equal((2, 3), (node.Entries[0].Line, node.Entries[0].Column));
        Assert.Equal((2, 9), (node["ü"]!.Entries[0].Line, node["ü"]!.Entries[0].Column));
        Assert.Equal((3, 5), (node["ü"]!["b"]!.Items[1].Line, node["ü"]!["b"]!.Items[1].Column));
    }

    [Fact]
    public void Read_WrittenAgain_IsTheSameText()
    {
        const string Text = """{"a":[1,-2.50,1e3,null,true,"x\"ü"],"b":{"c":{}}}""";

        Assert.Equal(Text, Encoding.UTF8.GetString(ResourceJson.ToBytes(Read(Text, null).Documents.Single())));
    }

    [Theory]
    [InlineData("", DiagnosticCodes.Syntax)]
    [InlineData("{", DiagnosticCodes.Syntax)]
    [InlineData("{} {}", DiagnosticCodes.Syntax)]
    [InlineData("{\"a\":1,\"a\":2}", DiagnosticCodes.DuplicateKey)]
    [InlineData("{\"a\":\"\\ud800\"}", DiagnosticCodes.Syntax)]
    [InlineData("[01]", DiagnosticCodes.Syntax)]
    [InlineData("// no\n1", DiagnosticCodes.Syntax)]
    public void Read_WhatIsNoJson_IsADiagnostic(string text, string code)
    {
        ParsedDocuments parsed = Read(text, "f.json");

        Assert.Equal(code, Assert.Single(parsed.Diagnostics).Code);
        Assert.Empty(parsed.Documents);
    }

    [Fact]
    public void Read_BytesThatAreNoUtf8_AreADiagnostic()
    {
        ParsedDocuments parsed = JsonReader.Read([(byte)'"', 0xC3, 0x28, (byte)'"'], "f.json");

        Assert.Equal(DiagnosticCodes.Syntax, Assert.Single(parsed.Diagnostics).Code);
    }

    [Fact]
    public void Read_ManyKeys_FindsTheOneThatIsThereTwice()
    {
        string text = "{" + string.Join(",", Enumerable.Range(0, 100).Select(i => $"\"k{i}\":{i}")) + ",\"k50\":1}";

        Assert.Contains("k50", Assert.Single(Read(text, "f.json").Diagnostics).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TooDeep_IsADiagnostic() => Assert.NotEmpty(Read(new string('[', 10_000), null).Diagnostics);

    private static ParsedDocuments Read(string text, string? file) => JsonReader.Read(Encoding.UTF8.GetBytes(text), file);
}
