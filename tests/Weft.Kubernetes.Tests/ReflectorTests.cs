using System;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Weft.Config;
using Weft.Store;

namespace Weft.Kubernetes.Tests;

public sealed class ReflectorTests : IAsyncLifetime
{
    private readonly ObjectStore _store = new(new StoreOptions { InitialRevision = 10, HistoryLength = 5 });
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<string> _seen = Channel.CreateUnbounded<string>();
    private TestApiServer _server = null!;
    private ApiEndpoint _endpoint = null!;
    private Reflector _reflector = null!;
    private Task _running = Task.CompletedTask;

    public ValueTask InitializeAsync()
    {
        _server = new TestApiServer(new ApiHandler(_store).Handle);
        _endpoint = ApiEndpoint.OverUnixSocket(_server.SocketPath);
        _reflector = new Reflector(_endpoint, Kinds.Service, new ReflectorOptions { MinBackoff = TimeSpan.FromMilliseconds(5), MaxBackoff = TimeSpan.FromMilliseconds(20) });
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _endpoint.Dispose();
        await _server.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task Run_ServerWithObjects_ListsThenFollows()
    {
        _store.Put(TestObjects.Service("web"));
        Start();

        Assert.Equal("Replaced web 11", await NextAsync());
        _store.Put(TestObjects.Service("api"));
        Assert.Equal("Upserted api 12", await NextAsync());
        _store.Delete(TestObjects.Key("web"));
        Assert.Equal("Deleted web 13", await NextAsync());
    }

    [Fact]
    public async Task Run_ConnectionCut_ResumesWhereItWasWithoutAList()
    {
        _store.Put(TestObjects.Service("web"));
        Start();
        await NextAsync();
        await WatchesAsync(1);

        _server.CutConnections();
        _store.Put(TestObjects.Service("api"));

        Assert.Equal("Upserted api 12", await NextAsync());
        Assert.Equal(1, _reflector.Lists);
    }

    [Fact]
    public async Task Run_ServerAwayForLongerThanItsHistory_ListsAgain()
    {
        _store.Put(TestObjects.Service("web"));
        Start();
        await NextAsync();
        await WatchesAsync(1);
        _server.Down();
        for (int i = 0; i < 20; i++)
        {
            _store.Put(TestObjects.Service("api", port: i + 1));
        }

        _store.Delete(TestObjects.Key("web"));
        _server.Up();

        Assert.Equal("Replaced api 32", await NextAsync());
        Assert.Equal(2, _reflector.Lists);
    }

    [Fact]
    public async Task Run_ServerThatDoesNotHaveTheKind_TellsAnEmptyListSoThatNobodyWaits()
    {
        _server.Handle = (_, _, _) => new ApiAnswer(404, "application/json", Encoding.ASCII.GetBytes("{}"), null);
        Start();

        Assert.Equal("Replaced  ", await NextAsync());
        Assert.Contains("has no v1", _reflector.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ServerThatAnswersNonsense_KeepsTryingAndSaysWhy()
    {
        int asked = 0;
        var nonsense = new TaskCompletionSource();
        _server.Handle = (_, _, _) =>
        {
            if (Interlocked.Increment(ref asked) == 5)
            {
                nonsense.TrySetResult();
            }

            return new ApiAnswer(200, "text/html", Encoding.ASCII.GetBytes("<html>"), null);
        };
        Start();
        await nonsense.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Contains("no JSON", _reflector.Problem, StringComparison.Ordinal);

        _server.Handle = new ApiHandler(_store).Handle;

        Assert.Equal("Replaced  10", await NextAsync());
    }

    [Fact]
    public async Task Run_ListInPages_IsOneList()
    {
        _server.Handle = (_, target, _) => target.Contains("watch=1", StringComparison.Ordinal)
            ? new ApiAnswer(500, "text/plain", default, null)
            : Page(target.Contains("continue=next", StringComparison.Ordinal));
        Start();

        Assert.Equal("Replaced a,b 7", await NextAsync());

        static ApiAnswer Page(bool isSecond) => new(200, "application/json", Encoding.UTF8.GetBytes(
            """{"kind":"ServiceList","apiVersion":"v1","metadata":{"resourceVersion":"7"MORE},"items":[{"metadata":{"name":"NAME","namespace":"grid"},"spec":{}}]}"""
                .Replace("MORE", isSecond ? "" : ",\"continue\":\"next\"", StringComparison.Ordinal)
                .Replace("NAME", isSecond ? "b" : "a", StringComparison.Ordinal)), null);
    }

    private void Start() => _running = _reflector.RunAsync(
        (item, _) =>
        {
            if (item.Type != ReflectorEventType.Moved)
            {
                _seen.Writer.TryWrite($"{item.Type} {string.Join(",", item.Objects.Select(o => o.Resource!.Name))} {item.ResourceVersion}");
            }

            return ValueTask.CompletedTask;
        },
        _stop.Token);

    private async Task<string> NextAsync() => await _seen.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(10));

    private async Task WatchesAsync(int count)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (_reflector.Watches < count)
        {
            await Task.Delay(5, deadline.Token);
        }
    }
}
