using System;
using System.IO;

namespace Weft.Architecture.Tests;

internal static class Checkout
{
    /// <summary>The root of the checkout this test was built in.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "Weft.slnx")) ? folder : Find(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("run this from inside a checkout of Weft"));
}
