using System.Linq;
using System.Text;

namespace Weft.Config.Tests;

public sealed class YamlReaderTests
{
    [Theory]
    [InlineData("true", NodeKind.Boolean, "true")]
    [InlineData("yes", NodeKind.Boolean, "true")]
    [InlineData("Off", NodeKind.Boolean, "false")]
    [InlineData("n", NodeKind.Boolean, "false")]
    [InlineData("\"yes\"", NodeKind.String, "yes")]
    [InlineData("'true'", NodeKind.String, "true")]
    [InlineData("~", NodeKind.Null, "")]
    [InlineData("null", NodeKind.Null, "")]
    [InlineData("", NodeKind.Null, "")]
    [InlineData("12", NodeKind.Number, "12")]
    [InlineData("-12", NodeKind.Number, "-12")]
    [InlineData("0x1F", NodeKind.Number, "31")]
    [InlineData("0777", NodeKind.Number, "511")]
    [InlineData("0o17", NodeKind.Number, "15")]
    [InlineData("0b101", NodeKind.Number, "5")]
    [InlineData("1_000", NodeKind.Number, "1000")]
    [InlineData("1.50", NodeKind.Number, "1.5")]
    [InlineData("1e3", NodeKind.Number, "1000")]
    [InlineData(".5", NodeKind.Number, "0.5")]
    [InlineData("0899", NodeKind.Number, "899")]
    [InlineData("v1", NodeKind.String, "v1")]
    [InlineData("1.2.3", NodeKind.String, "1.2.3")]
    [InlineData("2026-01-01", NodeKind.String, "2026-01-01")]
    [InlineData("10.0.0.1", NodeKind.String, "10.0.0.1")]
    [InlineData("!!str 12", NodeKind.String, "12")]
    [InlineData("!!int \"12\"", NodeKind.Number, "12")]
    [InlineData("!!binary aGk=", NodeKind.String, "hi")]
    public void Scalar_EachForm_ReadsAsKubernetesReadsIt(string text, NodeKind kind, string value)
    {
        ResourceNode node = One($"a: {text}")["a"]!;

        Assert.Equal((kind, value), (node.Kind, node.Text));
    }

    [Fact]
    public void Read_SeveralDocuments_KeepsLinesAndColumns()
    {
        ParsedDocuments parsed = YamlReader.Read("# head\n---\na: 1\n---\n# only a comment\n---\nb:\n  - c: 2\n    d: x\n...\n", "f.yaml");

        Assert.Empty(parsed.Diagnostics);
        Assert.Equal(2, parsed.Documents.Count);
        NodeEntry d = parsed.Documents[1]["b"]!.Items[0].Entries[1];
        Assert.Equal(("d", 9, 5), (d.Name, d.Line, d.Column));
        Assert.Equal((9, 8), (d.Value.Line, d.Value.Column));
    }

    [Fact]
    public void Read_OneBrokenDocument_CostsOnlyItself()
    {
        ParsedDocuments parsed = YamlReader.Read("a: 1\n---\nb: [1, 2\n---\nc: 3\n", "f.yaml");

        Assert.Equal(["a", "c"], parsed.Documents.Select(d => d.Entries[0].Name));
        Diagnostic problem = Assert.Single(parsed.Diagnostics);
        Assert.Equal(DiagnosticCodes.Syntax, problem.Code);
        Assert.InRange(problem.Location.Line, 3, 4);
        Assert.True(parsed.IsIncomplete);
    }

    [Fact]
    public void Read_MarkerInsideABlockScalar_IsText()
    {
        // Indented, it is no marker; at the line's start it would be one even there (YAML 1.2 §9.1.2).
        ResourceNode node = One("a: |\n  x\n  ---\n  y\n");

        Assert.Equal("x\n---\ny\n", node["a"]!.Text);
    }

    [Fact]
    public void Read_BlockScalars_FoldAndChompAsWritten()
    {
        ResourceNode node = One("a: >-\n  one\n  two\nb: |+\n  x\n\n");

        Assert.Equal(("one two", "x\n\n"), (node["a"]!.Text, node["b"]!.Text));
    }

    [Theory]
    [InlineData("a: 1\nb: 2\na: 3\n", 3, 1)]
    [InlineData("x:\n  a: 1\n  \"a\": 2\n", 3, 3)]
    public void Read_KeyTwice_IsAnErrorAtTheSecond(string text, int line, int column)
    {
        Diagnostic problem = Assert.Single(YamlReader.Read(text, "f.yaml").Diagnostics);

        Assert.Equal((DiagnosticCodes.DuplicateKey, line, column), (problem.Code, problem.Location.Line, problem.Location.Column));
    }

    [Fact]
    public void Read_AnchorsAliasesAndMergeKeys_AreExpanded()
    {
        ResourceNode node = One("base: &b {x: 1, w: 2}\nlist: &l [1]\none: {<<: *b, w: 3}\ntwo: {<<: [{w: 9}, *b], z: *l}\n");

        Assert.Equal("""{"w":3,"x":1}""", Json(node["one"]!));
        Assert.Equal("""{"z":[1],"w":9,"x":1}""", Json(node["two"]!));
    }

    [Theory]
    [InlineData("a: *nowhere")]
    [InlineData("a: &a [*a]")]
    [InlineData("<<: 5")]
    [InlineData("{a: 1}: 2")]
    [InlineData("? [x]\n: 2")]
    [InlineData("a: .inf")]
    [InlineData("a:\n\t- b")]
    [InlineData("a: b: c")]
    [InlineData("%YAML 9.9\n---\na: 1")]
    [InlineData("a: !!int x")]
    [InlineData(": 1")]
    public void Read_WhatCannotBe_IsADiagnosticWithAPlace(string text)
    {
        ParsedDocuments parsed = YamlReader.Read(text, "f.yaml");

        Diagnostic problem = Assert.Single(parsed.Diagnostics);
        Assert.True(problem.Location.Line > 0 && problem.Message.Length > 10, problem.ToString());
        Assert.Empty(parsed.Documents);
    }

    [Fact]
    public void Read_BillionLaughs_EndsAtTheLimit()
    {
        var text = new StringBuilder("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
        for (int i = 1; i < 12; i++)
        {
            text.Append($"a{i}: &a{i} [{string.Join(",", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        }

        Assert.Equal(DiagnosticCodes.TooLarge, Assert.Single(YamlReader.Read(text.ToString(), null).Diagnostics).Code);
    }

    [Fact]
    public void Read_DepthByBracketsOrByChainedAliases_EndsAtTheLimit()
    {
        string brackets = "a: " + new string('[', 5_000);
        var chained = new StringBuilder("a0: &a0 " + Nested("x") + "\n");
        for (int i = 1; i < 200; i++)
        {
            chained.Append($"a{i}: &a{i} {Nested($"*a{i - 1}")}\n");
        }

        Assert.NotEmpty(YamlReader.Read(brackets, null).Diagnostics);
        Assert.Equal(DiagnosticCodes.TooLarge, Assert.Single(YamlReader.Read(chained.ToString(), null).Diagnostics).Code);

        static string Nested(string inner) => new string('[', 60) + inner + new string(']', 60);
    }

    [Fact]
    public void Read_WindowsLineEndsAndByteOrderMark_AreRead()
    {
        ParsedDocuments parsed = YamlReader.Read("\uFEFFa: 1\r\n---\r\nb: 2\r\n", "f.yaml");

        Assert.Equal(["a", "b"], parsed.Documents.Select(d => d.Entries[0].Name));
        Assert.Equal(3, parsed.Documents[1].Entries[0].Line);
    }

    [Fact]
    public void Read_DirectiveBeforeTheMarker_BelongsToItsDocument()
    {
        Assert.Equal("1", Assert.Single(YamlReader.Read("%YAML 1.2\n---\na: 1\n", null).Documents)["a"]!.Text);
    }

    private static ResourceNode One(string text)
    {
        ParsedDocuments parsed = YamlReader.Read(text, "f.yaml");
        Assert.Empty(parsed.Diagnostics);
        return Assert.Single(parsed.Documents);
    }

    private static string Json(ResourceNode node) => Encoding.UTF8.GetString(ResourceJson.ToBytes(node));
}
