using System;
using System.IO;

namespace Weft.EndToEnd.Tests;

internal static class Checkout
{
    /// <summary>The root of the checkout this test was built in.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    /// <summary>The command line as <c>./weft</c> built it; ./test builds it first.</summary>
    public static string Weft { get; } = Path.Combine(Root, "out", "bin", "weft");

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "Weft.slnx")) ? folder : Find(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("run this from inside a checkout of Weft"));
}
