using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.Formats.Tar;
using System.IO;
using System.IO.Compression;
using System.Linq;

namespace Weft.Xds.Tests.Contract;

/// <summary>
/// Upstream's proto files, as the npm package @grpc/grpc-js-xds ships them (Apache-2.0): a yardstick of tests, fetched into a temporary folder
/// and never an input of the build.
/// </summary>
internal static class UpstreamProtos
{
    private const string Version = "1.14.1";
    private static readonly string Folder = Path.Combine(Path.GetTempPath(), $"weft-upstream-protos-{Version}-{Environment.UserName}");

    public static IReadOnlyList<string> Roots { get; } =
        [.. new[] { "envoy-api", "xds", "googleapis", "protoc-gen-validate" }.Select(part => Path.Combine(Folder, "package/deps", part))];

    /// <summary>Null when they are here, else why they are not.</summary>
    public static string? Fetch()
    {
        if (File.Exists(Path.Combine(Folder, "complete"))) return null;
        Directory.CreateDirectory(Folder);
        try
        {
            var start = new ProcessStartInfo("npm") { WorkingDirectory = Folder, RedirectStandardError = true, RedirectStandardOutput = true };
            foreach (var argument in new[] { "pack", "--silent", $"@grpc/grpc-js-xds@{Version}" }) start.ArgumentList.Add(argument);
            using var npm = Process.Start(start)!;
            npm.StandardOutput.ReadToEnd();
            if (!npm.WaitForExit(TimeSpan.FromMinutes(1)) || npm.ExitCode != 0) return $"npm could not fetch @grpc/grpc-js-xds {Version} (offline?)";
        }
        catch (Win32Exception)
        {
            return "npm is not installed";
        }

        using (var archive = File.OpenRead(Directory.GetFiles(Folder, "*.tgz").Single()))
        using (var plain = new GZipStream(archive, CompressionMode.Decompress))
        {
            TarFile.ExtractToDirectory(plain, Folder, overwriteFiles: true);
        }

        Patch();
        File.WriteAllText(Path.Combine(Folder, "complete"), Version);
        return null;
    }

    /// <summary>The package's validate.proto is older than its other files, which use ignore_empty; what it validates does not matter here.</summary>
    private static void Patch()
    {
        var path = Path.Combine(Roots[3], "validate/validate.proto");
        var text = File.ReadAllText(path);
        foreach (var rules in new[] { "String", "Bytes", "Repeated", "Map", "Int32", "UInt32", "Int64", "UInt64", "Float", "Double" })
        {
            text = text.Replace($"message {rules}Rules {{", $"message {rules}Rules {{\n    optional bool ignore_empty = 9999;", StringComparison.Ordinal);
        }

        File.WriteAllText(path, text);
    }
}
