using System;
using System.Collections.Generic;
using System.IO;

namespace Weft.Store;

/// <summary>
/// A durable map from key to bytes: appended records with a CRC, now and then a snapshot, fsync before a write returns. Single writer, single process (the
/// file is locked), not thread-safe. A torn tail (power cut in the middle of a record) is cut off at open; everything before it is kept. Refuses a symbolic
/// link and a file that others may read or write (T86).
/// </summary>
public sealed class Journal : IDisposable
{
    private readonly string _path;
    private readonly JournalOptions _options;
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _entries = new(StringComparer.Ordinal);
    private FileStream _file;
    private long _liveBytes;

    private Journal(string path, JournalOptions options, FileStream file)
    {
        _path = path;
        _options = options;
        _file = file;
    }

    /// <summary>Bytes at the end of the file that were no whole record and were cut off at open: worth a log line when not 0.</summary>
    public long TornBytes { get; private set; }

    /// <summary>Length of the file in bytes.</summary>
    public long Length => _file.Length;

    /// <summary>The present content. Valid until the next write.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Entries => _entries;

    /// <summary>
    /// Opens or creates (0600). Throws <see cref="IOException"/> with what to do when the file is a link, no journal, too open, or in use by another process.
    /// </summary>
    public static Journal Open(string path, JournalOptions? options = null)
    {
        JournalFile.CheckPlace(path);
        FileStream file = JournalFile.Open(path);
        try
        {
            var journal = new Journal(path, options ?? new JournalOptions(), file);
            journal.Load();
            return journal;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Applies all changes as one record: after a crash all of them are there or none. A null value removes. Durable when it returns.</summary>
    public void Write(IReadOnlyList<KeyValuePair<string, ReadOnlyMemory<byte>?>> changes)
    {
        if (changes.Count == 0)
        {
            return;
        }

        byte[] record = JournalRecord.Encode(changes);
        long before = _file.Length;
        try
        {
            _file.Seek(0, SeekOrigin.End);
            _file.Write(record);
            _file.Flush(flushToDisk: true);
        }
        catch (IOException)
        {
            // A full disk must not leave half a record in front of the next whole one: readers stop at the first that is torn.
            _file.SetLength(before);
            throw;
        }

        foreach ((string key, ReadOnlyMemory<byte>? value) in changes)
        {
            Apply(key, value);
        }

        if (_file.Length - _liveBytes > _options.CompactAfterBytes)
        {
            Compact();
        }
    }

    /// <summary>Writes one snapshot record into a new file and puts it in the place of this one; atomic: a crash leaves the old or the new.</summary>
    public void Compact()
    {
        var all = new List<KeyValuePair<string, ReadOnlyMemory<byte>?>>(_entries.Count);
        foreach ((string key, ReadOnlyMemory<byte> value) in _entries)
        {
            all.Add(new(key, value));
        }

        string fresh = _path + ".new";
        File.Delete(fresh);
        FileStream next = JournalFile.Open(fresh);
        try
        {
            next.Write(JournalRecord.Magic);
            if (all.Count > 0)
            {
                next.Write(JournalRecord.Encode(all));
            }

            next.Flush(flushToDisk: true);

            // .NET cannot fsync a directory. It need not: the next write fsyncs this very file, and with it ext4, xfs and btrfs commit the rename before.
            File.Move(fresh, _path, overwrite: true);
        }
        catch
        {
            next.Dispose();
            throw;
        }

        _file.Dispose();
        _file = next;
    }

    public void Dispose() => _file.Dispose();

    private void Load()
    {
        byte[] content = new byte[_file.Length];
        _file.ReadExactly(content);
        if (content.Length < JournalRecord.Magic.Length)
        {
            // New, or cut off before its first byte counted.
            TornBytes = content.Length;
            _file.SetLength(0);
            _file.Write(JournalRecord.Magic);
            _file.Flush(flushToDisk: true);
            return;
        }

        if (!content.AsSpan().StartsWith(JournalRecord.Magic))
        {
            throw new IOException($"{_path} is no journal of this version; move it away and start again.");
        }

        int at = JournalRecord.Magic.Length;
        while (JournalRecord.TryDecode(content.AsSpan(at), out int length, out List<KeyValuePair<string, ReadOnlyMemory<byte>?>> changes))
        {
            at += length;
            foreach ((string key, ReadOnlyMemory<byte>? value) in changes)
            {
                Apply(key, value);
            }
        }

        TornBytes = content.Length - at;
        if (TornBytes > 0)
        {
            _file.SetLength(at);
            _file.Flush(flushToDisk: true);
        }
    }

    private void Apply(string key, ReadOnlyMemory<byte>? value)
    {
        if (_entries.Remove(key, out ReadOnlyMemory<byte> old))
        {
            _liveBytes -= JournalRecord.Size(key, old.Length);
        }

        if (value is { } present)
        {
            _entries[key] = present.ToArray();
            _liveBytes += JournalRecord.Size(key, present.Length);
        }
    }
}
