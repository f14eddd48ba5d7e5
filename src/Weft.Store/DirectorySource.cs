using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using Weft.Config;

namespace Weft.Store;

/// <summary>
/// Keeps a store equal to a directory of *.yaml, *.yml and *.json: reads it whole, then follows it with inotify and a short debounce. A broken object or
/// document keeps its last good version; a file that vanishes takes its objects along. An edit that moves lines only changes positions (the
/// <c>weft.dev/source*</c> annotations), no generation and no digest. Own thread; the event is raised there.
/// </summary>
public sealed class DirectorySource : IDisposable
{
    private readonly ObjectStore _store;
    private readonly string _directory;
    private readonly DirectorySourceOptions _options;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private readonly AutoResetEvent _signal = new(false);
    private readonly Dictionary<ObjectKey, Resource> _lastGood;
    private readonly HashSet<ObjectKey> _applied = [];
    private Dictionary<string, DirectoryFile> _files = new(StringComparer.Ordinal);
    private FileSystemWatcher? _watcher;
    private Thread? _thread;
    private volatile bool _isStopping;
    private volatile DirectoryState _state = new(0, 0, [], [], [], []);

    /// <param name="store">The store to keep; other objects in it are left alone.</param>
    /// <param name="directory">As the user gave it: diagnostics name files below it the same way.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="clock">For the grace of missing files.</param>
    public DirectorySource(ObjectStore store, string directory, DirectorySourceOptions? options = null, TimeProvider? clock = null)
    {
        _store = store;
        _directory = directory;
        _options = options ?? new DirectorySourceOptions();
        _clock = clock ?? TimeProvider.System;
        _lastGood = LastGoodJournal.Load(_options.LastGood);
    }

    /// <summary>The state after the last read.</summary>
    public DirectoryState State => _state;

    /// <summary>Raised after each read that changed anything, with the new state, on the source's thread (or the caller's of <see cref="ReadNow"/>).</summary>
    public event Action<DirectoryState>? Changed;

    /// <summary>Reads the directory once and starts following it. Throws <see cref="DirectoryNotFoundException"/> when it does not exist.</summary>
    public DirectoryState Start()
    {
        if (!Directory.Exists(_directory))
        {
            throw new DirectoryNotFoundException($"The directory {_directory} does not exist; name a directory with manifests.");
        }

        // Watch first, read then: an edit between the two is seen.
        StartWatching();
        DirectoryState state = ReadNow();
        _thread = new Thread(Follow) { Name = "weft-directory", IsBackground = true };
        _thread.Start();
        return state;
    }

    /// <summary>Reads everything again now, without grace for missing files. Returns the state.</summary>
    public DirectoryState ReadNow() => Read(isForced: true, readsAll: true);

    /// <summary>Stops following; the store keeps what it has.</summary>
    public void Dispose()
    {
        _isStopping = true;
        _watcher?.Dispose();
        _signal.Set();
        if (_thread is { IsAlive: true } thread && thread != Thread.CurrentThread)
        {
            thread.Join();
        }

        _signal.Dispose();
    }

    private void StartWatching()
    {
        var watcher = new FileSystemWatcher(_directory)
        {
            IncludeSubdirectories = _options.IsRecursive,
            NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size,
            InternalBufferSize = 64 << 10,
        };
        watcher.Changed += (_, _) => Signal();
        watcher.Created += (_, _) => Signal();
        watcher.Deleted += (_, _) => Signal();
        watcher.Renamed += (_, _) => Signal();
        watcher.Error += (_, _) => Signal();
        try
        {
            watcher.EnableRaisingEvents = true;
            _watcher = watcher;
        }
        catch (IOException)
        {
            // No inotify instance left (fs.inotify.max_user_instances): polling still follows, only slower.
            watcher.Dispose();
        }
    }

    private void Signal()
    {
        if (!_isStopping)
        {
            _signal.Set();
        }
    }

    private void Follow()
    {
        while (!_isStopping)
        {
            bool isPending = _files.Values.Any(f => f.SuspectSince is not null);
            bool isSignalled = _signal.WaitOne(isPending ? _options.Grace / 3 : _options.PollInterval);
            if (isSignalled && !_isStopping)
            {
                long from = _clock.GetTimestamp();
                while (_clock.GetElapsedTime(from) < _options.MaxDebounce && _signal.WaitOne(_options.Debounce) && !_isStopping)
                {
                }
            }

            if (!_isStopping)
            {
                Read(isForced: false, readsAll: isSignalled);
            }
        }
    }

    private DirectoryState Read(bool isForced, bool readsAll)
    {
        DirectoryState? changed = null;
        lock (_gate)
        {
            Dictionary<string, DirectoryFile>? files = ReadFiles(isForced, readsAll);
            if (files is not null)
            {
                _files = files;
                changed = Apply();
            }
        }

        if (changed is not null)
        {
            Changed?.Invoke(changed);
        }

        return _state;
    }

    /// <summary>The files as they are now, or null when nothing is different.</summary>
    private Dictionary<string, DirectoryFile>? ReadFiles(bool isForced, bool readsAll)
    {
        SortedDictionary<string, FileStamp> found;
        try
        {
            found = DirectoryScan.List(_directory, _options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The directory itself is gone or closed to us: what it said last stays; it may come back.
            return null;
        }

        var files = new Dictionary<string, DirectoryFile>(StringComparer.Ordinal);
        bool isDifferent = _state.Revision == 0;
        foreach ((string path, FileStamp stamp) in found)
        {
            DirectoryFile? old = _files.GetValueOrDefault(path);
            DirectoryFile now = old is not null && !readsAll && old.Stamp == stamp && old.SuspectSince is null ? old
                : old is { Content.Objects.Count: > 0 } && stamp.Length == 0 && !isForced ? Emptied(old, stamp)
                : DirectoryScan.Read(path, Name(path), stamp, old, _options);
            isDifferent |= now.Hash != old?.Hash || now.Content != old.Content;
            files[path] = now;
        }

        foreach ((string path, DirectoryFile old) in _files)
        {
            if (files.ContainsKey(path))
            {
                continue;
            }

            DirectoryFile missing = Suspect(old);
            if (!isForced && _clock.GetUtcNow() - missing.SuspectSince < _options.Grace)
            {
                files[path] = missing;
            }
            else
            {
                isDifferent = true;
            }
        }

        if (!isDifferent)
        {
            // Stamps and suspicions still move.
            _files = files;
            return null;
        }

        return files;
    }

    /// <summary>Some editors truncate, then write: what an emptied file said counts until the grace is over.</summary>
    private DirectoryFile Emptied(DirectoryFile old, FileStamp stamp)
    {
        DirectoryFile suspect = Suspect(old);
        return _clock.GetUtcNow() - suspect.SuspectSince < _options.Grace ? suspect : DirectoryScan.Read(old.Path, old.Name, stamp, null, _options);
    }

    private DirectoryFile Suspect(DirectoryFile old) => old with { SuspectSince = old.SuspectSince ?? _clock.GetUtcNow() };

    private string Name(string path) => Path.Combine(_directory, Path.GetRelativePath(_directory, path));

    private DirectoryState? Apply()
    {
        var merge = new DirectoryMerge(_lastGood);
        DirectoryFile[] files = [.. _files.Values.OrderBy(f => f.Name, StringComparer.Ordinal)];
        foreach (DirectoryFile file in files)
        {
            merge.Add(file);
        }

        foreach (DirectoryFile file in files)
        {
            merge.KeepWhatBrokenFilesHad(file);
        }

        long before = _store.Revision;
        Store(merge);
        if (LastGoodJournal.Save(_options.LastGood, _lastGood) is { } problem)
        {
            merge.Diagnostics.Add(new Diagnostic(DiagnosticSeverity.Warning, DiagnosticCodes.Unreadable, default, null, "",
                $"The last good versions could not be saved ({problem}); they are lost when this process ends."));
        }

        DirectoryState old = _state;
        string[] names = [.. files.Select(f => f.Name)];
        if (old.Revision > 0 && _store.Revision == before && old.Diagnostics.SequenceEqual(merge.Diagnostics) && old.Files.SequenceEqual(names))
        {
            return null;
        }

        _state = new DirectoryState(old.Revision + 1, _store.Revision, names, [.. _applied.Order(KeyOrder)], [.. merge.Refused.Distinct()], merge.Diagnostics);
        return _state;
    }

    /// <summary>Writes first, deletes then: an object that got a new name is never missing in between.</summary>
    private void Store(DirectoryMerge merge)
    {
        foreach (Resource resource in merge.Desired.Values.OrderBy(r => r.Key, KeyOrder))
        {
            _store.Put(resource);
            _applied.Add(resource.Key);
        }

        foreach (ObjectKey key in _applied.Where(k => !merge.Desired.ContainsKey(k)).ToArray())
        {
            _store.Delete(key);
            _applied.Remove(key);
        }

        foreach (ObjectKey key in _lastGood.Keys.Where(k => !merge.Desired.ContainsKey(k)).ToArray())
        {
            _lastGood.Remove(key);
        }
    }

    /// <summary>Namespaces first, so that whoever follows the store meets a namespace before what is in it.</summary>
    private static readonly Comparer<ObjectKey> KeyOrder = Comparer<ObjectKey>.Create(static (a, b) =>
    {
        int order = (a.Kind != "Namespace").CompareTo(b.Kind != "Namespace");
        order = order != 0 ? order : string.CompareOrdinal(a.Kind, b.Kind);
        order = order != 0 ? order : string.CompareOrdinal(a.Namespace, b.Namespace);
        return order != 0 ? order : string.CompareOrdinal(a.Name, b.Name);
    });
}
