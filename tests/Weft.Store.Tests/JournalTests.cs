using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace Weft.Store.Tests;

public sealed class JournalTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("weft-journal-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "accepted.journal");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Write_ThenOpenAgain_HasWhatWasWritten()
    {
        using (Journal journal = Journal.Open(Path))
        {
            journal.Write([Set("a", "1"), Set("b", "2")]);
            journal.Write([Set("a", "3"), Remove("b"), Set("c", "")]);
        }

        using Journal again = Journal.Open(Path);
        Assert.Equal(["a=3", "c="], Content(again));
        Assert.Equal(0, again.TornBytes);
    }

    [Fact]
    public void Open_FileCutAtEveryByte_KeepsAPrefixOfWholeWrites()
    {
        using (Journal journal = Journal.Open(Path))
        {
            journal.Write([Set("a", "1"), Set("b", "1")]);
            journal.Write([Set("a", "2"), Set("b", "2")]);
        }

        byte[] whole = File.ReadAllBytes(Path);
        for (int length = 0; length <= whole.Length; length++)
        {
            WriteFile(whole.AsSpan(0, length));
            using Journal cut = Journal.Open(Path);
            string content = string.Join(",", Content(cut));
            Assert.Contains(content, (string[])["", "a=1,b=1", "a=2,b=2"]);
            cut.Write([Set("z", "9")]);
            cut.Dispose();
            using Journal again = Journal.Open(Path);
            Assert.Equal(content.Length == 0 ? "z=9" : content + ",z=9", string.Join(",", Content(again)));
        }
    }

    [Fact]
    public void Open_EveryByteFlipped_NeverThrowsOnRecordsAndNeverInventsAValue()
    {
        using (Journal journal = Journal.Open(Path))
        {
            journal.Write([Set("a", "1")]);
        }

        byte[] whole = File.ReadAllBytes(Path);
        for (int i = 8; i < whole.Length; i++)
        {
            byte[] broken = [.. whole];
            broken[i] ^= 0x40;
            WriteFile(broken);
            using Journal journal = Journal.Open(Path);
            Assert.Empty(journal.Entries);
            Assert.True(journal.TornBytes > 0);
        }
    }

    [Fact]
    public void Write_MuchGarbage_MakesASnapshotAndLosesNothing()
    {
        using (Journal journal = Journal.Open(Path, new JournalOptions { CompactAfterBytes = 2_000 }))
        {
            for (int i = 0; i < 500; i++)
            {
                journal.Write([Set("a", $"value {i}"), Set($"k{i % 7}", $"{i}")]);
            }

            Assert.True(journal.Length < 4_000, $"{journal.Length} bytes");
        }

        using Journal again = Journal.Open(Path);
        Assert.Equal(8, again.Entries.Count);
        Assert.Contains("a=value 499", Content(again));
    }

    [Fact]
    public void T86_Open_SymbolicLink_IsRefused()
    {
        string target = System.IO.Path.Combine(_folder, "target");
        WriteFile([], target);
        File.CreateSymbolicLink(Path, target);

        IOException e = Assert.Throws<IOException>(() => Journal.Open(Path));

        Assert.Contains("symbolic link", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void T86_Open_FileThatOthersMayRead_IsRefused()
    {
        WriteFile([]);
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        IOException e = Assert.Throws<IOException>(() => Journal.Open(Path));

        Assert.Contains("chmod 600", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void T86_Open_FolderThatOthersMayWrite_IsRefused()
    {
        File.SetUnixFileMode(_folder, File.GetUnixFileMode(_folder) | UnixFileMode.OtherWrite);

        Assert.Throws<IOException>(() => Journal.Open(Path));
    }

    [Fact]
    public void T86_Open_NewFile_IsForItsOwnerOnly()
    {
        using Journal journal = Journal.Open(Path);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
        journal.Write([Set("a", "1")]);
        journal.Compact();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
    }

    [Fact]
    public void Open_SecondTime_IsRefusedWhileTheFirstIsOpen()
    {
        using Journal journal = Journal.Open(Path);

        Assert.Throws<IOException>(() => Journal.Open(Path));
    }

    [Fact]
    public void Open_SomethingElse_IsRefusedAndLeftAlone()
    {
        WriteFile("this is a letter to my aunt"u8);

        Assert.Throws<IOException>(() => Journal.Open(Path));
        Assert.Equal("this is a letter to my aunt", File.ReadAllText(Path));
    }

    private static KeyValuePair<string, ReadOnlyMemory<byte>?> Set(string key, string value) => new(key, Encoding.UTF8.GetBytes(value));

    private static KeyValuePair<string, ReadOnlyMemory<byte>?> Remove(string key) => new(key, null);

    private static string[] Content(Journal journal) => [.. journal.Entries.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => $"{e.Key}={Encoding.UTF8.GetString(e.Value.Span)}")];

    private void WriteFile(ReadOnlySpan<byte> content, string? path = null)
    {
        path ??= Path;
        File.Delete(path);
        File.WriteAllBytes(path, content);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
