using System;
using System.IO;
using System.Security.Cryptography;
using System.Text;

namespace Weft.Identity;

/// <summary>
/// Private keys on disk: a regular file, mode 0600, never a symbolic link (attacks.md T86). Written whole under another name and then
/// renamed, so that a crash leaves either no key or a complete one.
/// </summary>
public static class KeyFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Larger is not a key: an RSA 4096 key is 3.3 KB.</summary>
    private const int MaxBytes = 64 * 1024;

    /// <exception cref="InsecureKeyFileException">The file is a link, is not regular, or others may read it. The message says what to do.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static string ReadPem(string path)
    {
        RefuseLink(path);
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        // Asked of the open file, not of the name: the name may have been given to another file since.
        var mode = File.GetUnixFileMode(handle);
        if ((mode & ~OwnerOnly) != 0)
        {
            throw new InsecureKeyFileException($"{path} may be used by others (mode {Convert.ToString((int)mode, 8)}): chmod 600 {path}");
        }

        RefuseLink(path);
        var length = RandomAccess.GetLength(handle);
        if (length is 0 or > MaxBytes) throw new InsecureKeyFileException($"{path} is not a key file: {length} bytes");
        var bytes = new byte[length];
        try
        {
            var read = RandomAccess.Read(handle, bytes, 0);
            return Encoding.ASCII.GetString(bytes, 0, read);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>Writes a key that was not there before.</summary>
    /// <exception cref="IOException">Something with that name exists.</exception>
    public static void CreatePem(string path, string pem) => Create(path, pem, OwnerOnly);

    /// <summary>Writes a public file (a certificate) the same way, readable by all.</summary>
    public static void CreatePublicPem(string path, string pem) =>
        Create(path, pem, OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

    private static void Create(string path, string pem, UnixFileMode mode)
    {
        var temporary = $"{path}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}.new";
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            UnixCreateMode = mode,
        };
        try
        {
            using (var stream = new FileStream(temporary, options))
            {
                stream.Write(Encoding.ASCII.GetBytes(pem));
                stream.Flush(flushToDisk: true);
            }

            File.SetUnixFileMode(temporary, mode);
            File.Move(temporary, path, overwrite: false);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static void RefuseLink(string path)
    {
        var info = new FileInfo(path);
        if (info.LinkTarget is { } target)
        {
            throw new InsecureKeyFileException($"{path} is a symbolic link to {target}: put the key itself there");
        }

        if (info.Exists && (info.Attributes & (FileAttributes.Directory | FileAttributes.Device)) != 0)
        {
            throw new InsecureKeyFileException($"{path} is not a regular file");
        }
    }
}
