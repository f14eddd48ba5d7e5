using System;
using System.IO;

namespace Weft.Testing;

/// <summary>Finds the repository and what lies beside it from wherever a test's binary runs.</summary>
public static class RepositoryPaths
{
    /// <summary>The folder that holds Weft.slnx.</summary>
    /// <exception cref="DirectoryNotFoundException">The test does not run inside a clone.</exception>
    public static string Root { get; } = FindRoot();

    /// <summary>A file of the conformance collection, <c>../shared/conformance</c>, or null where there is none (a clone without it).</summary>
    public static string? TryConformance(string relative)
    {
        foreach (string shared in new[] { Path.Combine(Root, "..", "shared"), Path.Combine(Root, "..", "..", "shared") })
        {
            string path = Path.GetFullPath(Path.Combine(shared, "conformance", relative));
            if (File.Exists(path) || Directory.Exists(path)) return path;
        }

        return null;
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Weft.slnx"))) return folder.FullName;
        }

        throw new DirectoryNotFoundException("No Weft.slnx above " + AppContext.BaseDirectory + ": run the tests from a clone.");
    }
}
