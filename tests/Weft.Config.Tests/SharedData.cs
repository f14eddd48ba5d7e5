using System;
using System.IO;

namespace Weft.Config.Tests;

/// <summary>Finds ../shared beside the repository (or $WEFT_SHARED); tests of third-party data skip without it.</summary>
internal static class SharedData
{
    internal static string Require(string relative)
    {
        string? path = Find(relative);
        Assert.SkipWhen(path is null, $"conformance data absent: shared/{relative} (set WEFT_SHARED to the folder that holds it)");
        return path!;
    }

    private static string? Find(string relative)
    {
        if (Environment.GetEnvironmentVariable("WEFT_SHARED") is { Length: > 0 } named)
        {
            string there = Path.Combine(named, relative);
            return File.Exists(there) || Directory.Exists(there) ? there : null;
        }

        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string path = Path.Combine(at.FullName, "shared", relative);
            if (File.Exists(path) || Directory.Exists(path))
            {
                return path;
            }
        }

        return null;
    }
}
