using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Weft.Config;

namespace Weft.Store.Tests;

public sealed class WatcherTests
{
    private readonly ObjectStore _store = new(new StoreOptions { InitialRevision = 0, HistoryLength = 10, WatcherQueueLength = 8 });

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Watch_FromZero_TellsTheStateThenABookmarkThenChanges()
    {
        _store.Put(TestObjects.Service("web"));
        using Watcher watcher = _store.Watch(ObjectFilter.Of(Kinds.Service), 0);
        _store.Put(TestObjects.Service("api"));
        _store.Delete(TestObjects.ServiceKey("web"));

        Assert.Equal(["Added web 1", "Bookmark  1", "Added api 2", "Deleted web 3"], await Take(watcher, 4));
    }

    [Fact]
    public async Task Watch_FromARevision_TellsWhatCameAfterIt()
    {
        _store.Put(TestObjects.Service("web"));
        _store.Put(TestObjects.Service("api"));
        _store.Put(TestObjects.Service("web", port: 1));

        using Watcher watcher = _store.Watch(ObjectFilter.Of(Kinds.Service), 1);

        Assert.Equal(["Added api 2", "Modified web 3", "Bookmark  3"], await Take(watcher, 3));
    }

    [Fact]
    public void Watch_FromARevisionOutOfHistory_IsGone()
    {
        for (int i = 1; i <= 20; i++)
        {
            _store.Put(TestObjects.Service("web", port: i));
        }

        Assert.Throws<GoneException>(() => _store.Watch(ObjectFilter.All, 5));
        _store.Watch(ObjectFilter.All, 10).Dispose();
    }

    [Fact]
    public void Watch_FromARevisionOfAnotherStoresLife_IsGone()
    {
        // A store that starts again must not take an old watcher's revision for one of its own: what happened before would be missing.
        var clock = new FixedClock(DateTimeOffset.FromUnixTimeMilliseconds(1_000_000));
        var before = new ObjectStore(clock: clock);
        before.Put(TestObjects.Service("web"));
        clock.Now += TimeSpan.FromMilliseconds(50);
        var after = new ObjectStore(clock: clock);
        for (int i = 1; i < 20; i++)
        {
            after.Put(TestObjects.Service("web", port: i));
        }

        Assert.Throws<GoneException>(() => after.Watch(ObjectFilter.All, before.Revision));
    }

    [Fact]
    public async Task Watch_ObjectThatGetsAndLosesTheLabel_ComesAndGoes()
    {
        var wanted = new Dictionary<string, string> { ["app"] = "web" };
        using Watcher watcher = _store.Watch(ObjectFilter.Of(Kinds.Service) with { Labels = LabelSelector.OfLabels(wanted) }, 0);
        _store.Put(TestObjects.Service("web"));
        _store.Put(TestObjects.Service("web", labels: wanted));
        _store.Put(TestObjects.Service("web", port: 1, labels: wanted));
        _store.Put(TestObjects.Service("web", port: 1));

        Assert.Equal(["Bookmark  0", "Bookmark  1", "Added web 2", "Modified web 3", "Deleted web 4"], await Take(watcher, 5));
    }

    [Fact]
    public async Task Watch_ChangesOfOthers_MoveOneBookmarkThatNeverOvertakesAnEvent()
    {
        using Watcher watcher = _store.Watch(ObjectFilter.Of(Kinds.Service), 0);
        for (int i = 0; i < 50; i++)
        {
            _store.Put(TestObjects.Pod("a", ip: i.ToString()));
        }

        _store.Put(TestObjects.Service("web"));
        _store.Put(TestObjects.Pod("a", ip: "x"));

        Assert.Equal(["Bookmark  0", "Bookmark  50", "Added web 51", "Bookmark  52"], await Take(watcher, 4));
    }

    [Fact]
    public async Task Watch_ReaderThatDoesNotKeepUp_IsResetAndCountedAndHoldsNobodyUp()
    {
        using Watcher slow = _store.Watch(ObjectFilter.Of(Kinds.Service), 0);
        for (int i = 1; i <= 30; i++)
        {
            _store.Put(TestObjects.Service("web", port: i));
        }

        Assert.Equal((1, 0), (_store.ResetWatchers, _store.WatcherCount));
        await Assert.ThrowsAsync<GoneException>(() => Take(slow, 100));
    }

    [Fact]
    public async Task Watch_ManyReadersAndWriters_EachReaderEndsWithTheStoresState()
    {
        var store = new ObjectStore(new StoreOptions { InitialRevision = 0, WatcherQueueLength = 100_000 });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        Task<Dictionary<string, string>>[] readers = [.. Enumerable.Range(0, 8).Select(_ => Task.Run(() => Follow(store, 4 * 250, stop.Token)))];
        Parallel.For(0, 4, writer =>
        {
            for (int i = 0; i < 250; i++)
            {
                store.Put(TestObjects.Service($"s{i % 10}", ns: $"n{writer}", port: i + 1));
            }
        });

        Dictionary<string, string> expected = store.List(ObjectFilter.All).Items.ToDictionary(r => $"{r.Namespace}/{r.Name}", r => r.Metadata.ResourceVersion);
        foreach (Dictionary<string, string> seen in await Task.WhenAll(readers))
        {
            Assert.Equal(expected.OrderBy(e => e.Key), seen.OrderBy(e => e.Key));
        }
    }

    [Fact]
    public async Task Dispose_OpenWatch_EndsTheReadersLoop()
    {
        Watcher watcher = _store.Watch(ObjectFilter.All, 0);
        Task<List<string>> reading = Take(watcher, 100);

        watcher.Dispose();

        Assert.Equal(["Bookmark  0"], await reading);
        Assert.Equal(0, _store.WatcherCount);
    }

    private static async Task<Dictionary<string, string>> Follow(ObjectStore store, long until, CancellationToken cancellation)
    {
        var seen = new Dictionary<string, string>();
        using Watcher watcher = store.Watch(ObjectFilter.All, 0);
        await foreach (WatchEvent item in watcher.ReadAllAsync(cancellation))
        {
            if (item.Object is { } resource)
            {
                seen[$"{resource.Namespace}/{resource.Name}"] = resource.Metadata.ResourceVersion;
            }

            if (item.Revision >= until)
            {
                break;
            }
        }

        return seen;
    }

    private static async Task<List<string>> Take(Watcher watcher, int count)
    {
        var lines = new List<string>();
        await foreach (WatchEvent item in watcher.ReadAllAsync(Cancel))
        {
            lines.Add($"{item.Type} {item.Object?.Name} {item.Revision}");
            if (lines.Count == count)
            {
                break;
            }
        }

        return lines;
    }
}
