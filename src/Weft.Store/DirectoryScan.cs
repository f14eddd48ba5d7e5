using System;
using System.Collections.Generic;
using System.IO;
using System.Security.Cryptography;
using System.Text;
using Weft.Config;

namespace Weft.Store;

/// <summary>Lists and reads the manifests of a directory. No state; any thread; never throws for what is in the directory.</summary>
internal static class DirectoryScan
{
    /// <summary>Manifests by full path, ordered.</summary>
    internal static SortedDictionary<string, FileStamp> List(string directory, DirectorySourceOptions options)
    {
        var found = new SortedDictionary<string, FileStamp>(StringComparer.Ordinal);
        var enumeration = new EnumerationOptions { RecurseSubdirectories = options.IsRecursive, IgnoreInaccessible = true, AttributesToSkip = 0 };
        foreach (FileInfo file in new DirectoryInfo(directory).EnumerateFiles("*", enumeration))
        {
            // The file may go while we look: then it is not there.
            if (IsManifest(directory, file, options) && Try(() => new FileStamp(file.Length, file.LastWriteTimeUtc)) is { } stamp)
            {
                found[file.FullName] = stamp;
            }
        }

        return found;
    }

    /// <summary>Reads one file; one that cannot be read keeps what <paramref name="old"/> said, as a broken one does.</summary>
    internal static DirectoryFile Read(string path, string name, FileStamp stamp, DirectoryFile? old, DirectorySourceOptions options)
    {
        ReadOptions how = ReadOptions.FromFile with { File = name, DefaultNamespace = options.DefaultNamespace, Limits = options.Limits };
        try
        {
            if (stamp.Length > options.Limits.MaxBytes)
            {
                return new DirectoryFile(path, name, stamp, "", Broken(name, DiagnosticCodes.TooLarge, $"The file is larger than {options.Limits.MaxBytes} bytes; split it."));
            }

            byte[] bytes = File.ReadAllBytes(path);
            string hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
            if (old is not null && old.Hash == hash)
            {
                return old with { Stamp = stamp, SuspectSince = null };
            }

            ReadSet content = path.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
                ? ResourceReader.ReadJson(bytes, how)
                : ResourceReader.ReadYaml(Encoding.UTF8.GetString(bytes), how);
            return new DirectoryFile(path, name, stamp, hash, content);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new DirectoryFile(path, name, stamp, "", Broken(name, DiagnosticCodes.Unreadable, $"The file cannot be read ({e.Message}); its objects stay as they were."));
        }
    }

    private static ReadSet Broken(string name, string code, string message) =>
        new([], [new Diagnostic(DiagnosticSeverity.Error, code, new SourceLocation(name, 0, 0), null, "", message)], IsIncomplete: true);

    private static bool IsManifest(string directory, FileInfo file, DirectorySourceOptions options)
    {
        if (file.Extension.ToLowerInvariant() is not (".yaml" or ".yml" or ".json"))
        {
            return false;
        }

        foreach (string excluded in options.ExcludedNames)
        {
            if (string.Equals(file.Name, excluded, StringComparison.Ordinal))
            {
                return false;
            }
        }

        // Hidden files and folders are editors' swap files, .git and our own state.
        foreach (string part in Path.GetRelativePath(directory, file.FullName).Split(Path.DirectorySeparatorChar))
        {
            if (part.StartsWith('.'))
            {
                return false;
            }
        }

        return true;
    }

    private static FileStamp? Try(Func<FileStamp> stamp)
    {
        try
        {
            return stamp();
        }
        catch (IOException)
        {
            return null;
        }
    }
}
