using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using CsCheck;
using Weft.Fuzz;
using Weft.Testing;

namespace Weft.Http.Tests;

public sealed class CanonicalPathTests
{
    private static readonly string? EnvoyTable = RepositoryPaths.TryConformance("envoy-tables/path-normalization.json");

    public static bool HasNoEnvoyTable => EnvoyTable is null;

    /// <summary>Pieces that attacks are made of (attacks T61), so that random paths hit the rules rather than noise.</summary>
    private static readonly string[] Pieces =
    [
        "/", "//", "/./", "/../", "..", ".", "%2e", "%2E", "%2f", "%2F", "%5c", "\\", "%25", "%2", "%", "%00", "%zz", ";x=y", "?", "#", "a", "b.c", "...", "%c0%af", "%41", "\u00e9", " ", "\0", "*",
    ];

    [Fact(Skip = "No ../shared/conformance beside this clone: the table of Envoy's own tests is not there.", SkipWhen = nameof(HasNoEnvoyTable))]
    public void Normalize_EnvoysOwnTable_GivesEnvoysAnswers()
    {
        using JsonDocument table = JsonDocument.Parse(File.ReadAllText(EnvoyTable!));
        JsonElement[] rows = [.. table.RootElement.GetProperty("normalize_path (null = reject 400)").EnumerateArray()];
        Assert.NotEmpty(rows);
        foreach (JsonElement row in rows) Assert.Equal(row[1].GetString(), Normalize(row[0].GetString()!));
    }

    [Fact(Skip = "No ../shared/conformance beside this clone: the table of Envoy's own tests is not there.", SkipWhen = nameof(HasNoEnvoyTable))]
    public void Normalize_EnvoysMergeSlashesTable_KeepsTheSlashes()
    {
        using JsonDocument table = JsonDocument.Parse(File.ReadAllText(EnvoyTable!));
        string[] paths = [.. table.RootElement.GetProperty("merge_slashes").EnumerateArray().Select(row => row[0].GetString()!.Split('?')[0]).Where(path => path.StartsWith('/'))];
        Assert.NotEmpty(paths);
        foreach (string path in paths) Assert.Equal(path, Normalize(path));
    }

    [Theory]
    [InlineData("/", "/")]
    [InlineData("/a/", "/a/")]
    [InlineData("/a/..", "/")]
    [InlineData("/a/b/..", "/a/")]
    [InlineData("/a/b/.", "/a/b/")]
    [InlineData("/a//../b", "/a/b")]
    [InlineData("//a", "//a")]
    [InlineData("/..//a", "//a")]
    [InlineData("/a/...", "/a/...")]
    [InlineData("/a/..b/.c", "/a/..b/.c")]
    [InlineData("/a.b/c..", "/a.b/c..")]
    [InlineData("/file%2Etxt", "/file.txt")]
    [InlineData("/a\\b", "/a/b")]
    [InlineData("\\a", "/a")]
    [InlineData("/a\\..\\b", "/b")]
    [InlineData("/a/%2e.%2Fb", "/a/..%2Fb")]
    [InlineData("/%252e%252e/a", "/%252e%252e/a")]
    [InlineData("/a;p=1/b", "/a;p=1/b")]
    [InlineData("/a/..;/b", "/a/..;/b")]
    [InlineData("/A%2f%4a", "/A%2f%4a")]
    public void Normalize_Path_GivesTheOneForm(string path, string canonical) => Assert.Equal(canonical, Normalize(path));

    [Theory]
    [InlineData("")]
    [InlineData("/a#b")]
    [InlineData("/a?b")]
    [InlineData("/a\0b")]
    [InlineData("/a%00b")]
    [InlineData("/a%")]
    [InlineData("/a%2")]
    [InlineData("/a%2x")]
    [InlineData("/a%x2")]
    [InlineData("/a%%32%65")]
    [InlineData("/a b")]
    [InlineData("/a\u00e9")]
    [InlineData("/a\u007f")]
    public void Normalize_PathWithoutOneMeaning_IsRejected(string path) => Assert.Null(Normalize(path));

    [Fact]
    public void Normalize_DestinationTooShort_IsRejectedRatherThanCut() =>
        Assert.Equal(Canonical.Rejected, CanonicalPath.Normalize("/a/../b"u8, new byte[3], out _));

    [Fact]
    public void T61_AnyPath_IsStableBoundedAndAgreesWithSplittingIt()
    {
        Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).List[0, 12].Select(string.Concat).Sample(path =>
        {
            CanonicalTargets.Path(Encoding.Latin1.GetBytes(path));
            CanonicalTargets.Path(Encoding.Latin1.GetBytes("/" + path));
            Assert.Equal(BySplitting("/" + path), Normalize("/" + path));
        }, iter: 100_000);
    }

    /// <summary>A second implementation, on strings, by splitting at slashes.</summary>
    private static string? BySplitting(string path)
    {
        if (path.Any(c => c is <= ' ' or >= (char)0x7f or '#' or '?')) return null;
        for (int i = path.IndexOf('%', StringComparison.Ordinal); i >= 0; i = path.IndexOf('%', i + 3 <= path.Length ? i + 3 : path.Length))
        {
            if (i + 2 >= path.Length || !char.IsAsciiHexDigit(path[i + 1]) || !char.IsAsciiHexDigit(path[i + 2]) || path.Substring(i + 1, 2) == "00") return null;
        }

        string[] segments = path.Replace('\\', '/').Replace("%2e", ".", StringComparison.OrdinalIgnoreCase)[1..].Split('/');
        var kept = new List<string>();
        for (int i = 0; i < segments.Length; i++)
        {
            bool last = i == segments.Length - 1;
            if (segments[i] == ".." && kept.Count > 0) kept.RemoveAt(kept.Count - 1);
            if (segments[i] is not ("." or "..")) kept.Add(segments[i]);
            else if (last) kept.Add("");
        }

        return "/" + string.Join('/', kept);
    }

    private static string? Normalize(string path)
    {
        byte[] input = Encoding.Latin1.GetBytes(path);
        var destination = new byte[input.Length + 1];
        return CanonicalPath.Normalize(input, destination, out int length) switch
        {
            Canonical.Unchanged => path,
            Canonical.Rewritten => Encoding.Latin1.GetString(destination, 0, length),
            _ => null,
        };
    }
}
