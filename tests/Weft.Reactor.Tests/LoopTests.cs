using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Weft.Native.Linux;

namespace Weft.Reactor.Tests;

public class LoopTests
{
    [Fact]
    public void Post_FromManyThreads_RunsEachOnceOnTheLoop()
    {
        const int Threads = 4;
        const int Each = 2000;
        using Mesh mesh = new();
        int elsewhere = 0;
        List<int>[] seen = [.. Enumerable.Range(0, Threads).Select(_ => new List<int>())];
        using CountdownEvent done = new(Threads * Each);

        Parallel.For(0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, thread =>
        {
            for (int index = 0; index < Each; index++)
            {
                int number = index;
                mesh.Loop.Post(loop =>
                {
                    elsewhere += loop.IsCurrentThread ? 0 : 1;
                    seen[thread].Add(number);
                    done.Signal();
                });
            }
        });

        Assert.True(done.Wait(TimeSpan.FromSeconds(10)));
        Assert.Equal(0, elsewhere);
        Assert.All(seen, numbers => Assert.Equal(Enumerable.Range(0, Each), numbers));
    }

    [Fact]
    public void Post_WorkThrows_LoopGoesOn()
    {
        using Mesh mesh = new();
        mesh.Loop.Post(_ => throw new InvalidOperationException("a bug in a message"));

        Assert.Equal(42, mesh.On(_ => 42));
        Assert.Equal(1, mesh.Log.HandlerFailures);
    }

    [Fact]
    public void Timer_Scheduled_FiresOnTheSleepingLoop()
    {
        using Mesh mesh = new();
        using ManualResetEventSlim fired = new();
        long started = mesh.On(loop => loop.NowMilliseconds);
        long firedAt = 0;
        mesh.Do(loop => loop.Timers.Schedule(80, new Timer(() =>
        {
            firedAt = loop.NowMilliseconds;
            fired.Set();
        }), 0));

        Assert.True(fired.Wait(TimeSpan.FromSeconds(10)));
        Assert.True(firedAt - started >= 80);
    }

    [Fact]
    public void Observer_EachTurn_HearsStartAndSleep()
    {
        Observer observer = new();
        using Mesh mesh = new(configure: options => options with { Observer = observer });

        mesh.Do(_ => { });
        mesh.Do(_ => { });

        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref observer.Sleeps) >= 2, TimeSpan.FromSeconds(10)));
        Assert.True(observer.Turns >= 2);
    }

    [Fact]
    public void TwoLoops_ManyConnections_BothServeAndNothingMixes()
    {
        const int Count = 64;
        ConcurrentDictionary<int, int> perLoop = new();
        Probe probe = Probe.Echo();
        probe.Accepted = link => perLoop.AddOrUpdate(link.Loop.Index, 1, (_, count) => count + 1);
        using Mesh mesh = new(probe, loops: 2);
        Socket[] peers = [.. Enumerable.Range(0, Count).Select(_ => mesh.Dial())];

        for (int round = 0; round < 5; round++)
        {
            for (int index = 0; index < Count; index++)
            {
                peers[index].Send(Encoding.ASCII.GetBytes("peer" + index.ToString("D4", null)));
            }

            for (int index = 0; index < Count; index++)
            {
                Assert.Equal("peer" + index.ToString("D4", null), Encoding.ASCII.GetString(peers[index].ReceiveExactly(8)));
            }
        }

        // The least loaded loop is offered what another has too much of.
        Assert.Equal(2, perLoop.Count);
        Assert.All(perLoop.Values, count => Assert.InRange(count, Count / 4, Count));
        Array.ForEach(peers, peer => peer.Dispose());
    }

    [Fact]
    public void Inherited_ListeningDescriptor_ServesWhatWaitedInTheBacklog()
    {
        using Socket launcher = Mesh.NewServer(out IpEndpoint address);
        using Socket early = Mesh.NewPeer();
        early.Connect(new IPEndPoint(IPAddress.Loopback, address.Port));
        early.Send("queued"u8);

        using ListeningSocket inherited = ListeningSocket.FromInherited(Duplicate((int)launcher.Handle));
        using Mesh mesh = new();
        mesh.Group.Listen(inherited, Probe.Echo());

        Assert.Equal(address, inherited.LocalAddress);
        Assert.Equal("queued", Encoding.ASCII.GetString(early.ReceiveExactly(6)));
    }

    [Fact]
    public void Inherited_NotASocket_SaysSo()
    {
        System.ComponentModel.Win32Exception exception = Assert.Throws<System.ComponentModel.Win32Exception>(() => ListeningSocket.FromInherited(987_654));

        Assert.Contains("inherited descriptor 987654", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Listener_Stopped_LeavesConnectionsToTheBacklog()
    {
        using Mesh mesh = new();
        using ListeningSocket door = ListeningSocket.Bind(IpEndpoint.IPv4(0x7F000001, 0));
        IReadOnlyList<Listener> listeners = mesh.Group.Listen(door, Probe.Echo());
        mesh.Do(_ => listeners[0].Stop());
        using Socket peer = Mesh.NewPeer();
        peer.Connect(new IPEndPoint(IPAddress.Loopback, door.LocalAddress.Port));
        peer.Send("later"u8);
        mesh.Do(_ => { });
        Assert.Equal(0, mesh.Loop.Counters.Accepted);

        mesh.Group.Listen(door, Probe.Echo());

        Assert.Equal("later", Encoding.ASCII.GetString(peer.ReceiveExactly(5)));
    }

    [Fact]
    public void UnixSocket_Echo_ComesBack()
    {
        string path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "weft-" + Guid.NewGuid().ToString("N")[..12] + ".sock");
        using Mesh mesh = new();
        using (ListeningSocket door = ListeningSocket.BindUnix(path))
        {
            mesh.Group.Listen(door, Probe.Echo());
            using Socket peer = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = 10_000 };
            peer.Connect(new UnixDomainSocketEndPoint(path));
            peer.Send("local"u8);
            Assert.Equal("local", Encoding.ASCII.GetString(peer.ReceiveExactly(5)));
        }

        Assert.False(System.IO.File.Exists(path));
    }

    [Fact]
    public void Datagram_SentToUs_IsAnswered()
    {
        using Mesh mesh = new();
        DatagramLink link = mesh.On(loop => loop.AddDatagram(DatagramLink.Open(IpEndpoint.IPv4(0x7F000001, 0)), new DatagramEcho()));
        using Socket peer = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 10_000 };
        peer.Connect(new IPEndPoint(IPAddress.Loopback, link.LocalAddress.Port));
        byte[] received = new byte[100];

        peer.Send("question"u8);

        Assert.Equal(8, peer.Receive(received));
        Assert.Equal("question", Encoding.ASCII.GetString(received, 0, 8));
    }

    [Fact]
    public void Stop_WithLiveLinks_TellsEveryHandler()
    {
        Probe probe = new();
        Mesh mesh = new(probe);
        using Socket peer = mesh.Dial();
        probe.Await("accepted");

        mesh.Dispose();

        Assert.Equal(CloseReason.LoopStopped, probe.AwaitClosed().Reason);
        Assert.Throws<SocketException>(() => peer.ReceiveToEnd());
    }

    [Fact]
    public void Event_OfAnEarlierGeneration_IsDroppedAndDisturbsNobody()
    {
        // A copy of the descriptor elsewhere keeps the kernel's registration alive after our close: its events carry the old token.
        Probe first = new();
        Probe second = new();
        using Mesh mesh = new(limits: new LinkLimits { DrainTimeout = 20 });
        (Socket ours, Socket theirs) = Connected();
        (Socket nextOurs, Socket nextTheirs) = Connected();
        mesh.Do(loop => loop.Adopt(new SocketFd(Duplicate((int)ours.Handle)), default, first));
        int firstSlot = mesh.On(_ => first.Link!.Token.Index);
        mesh.Do(_ => first.Link!.Close());
        Assert.True(SpinWait.SpinUntil(() => mesh.Loop.LinkCount == 0, TimeSpan.FromSeconds(10)));
        mesh.Do(loop => loop.Adopt(new SocketFd(Duplicate((int)nextOurs.Handle)), default, second));
        Assert.Equal(firstSlot, mesh.On(_ => second.Link!.Token.Index));

        theirs.Send("to the one before"u8);

        Assert.True(SpinWait.SpinUntil(() => mesh.Loop.Counters.StaleEvents > 0, TimeSpan.FromSeconds(10)), "the kernel reported nothing");
        Assert.Equal(0, mesh.On(_ => second.Link!.BytesReceived));
        nextTheirs.Send("x"u8);
        second.Await("readable");
        Assert.Equal(1, mesh.On(_ => second.Link!.BytesReceived));
        Array.ForEach([ours, theirs, nextOurs, nextTheirs], socket => socket.Dispose());
    }

    [Fact]
    public void Close_OfAnotherLinkInTheSameTurn_SilencesItAtOnce()
    {
        // Both links become readable in one batch; whoever runs first closes the other, whose event is still to come.
        List<Link> links = [];
        int readable = 0;
        int closed = 0;
        Probe probe = new()
        {
            Accepted = links.Add,
            Readable = link =>
            {
                readable++;
                links.Find(other => other != link)!.Abort();
            },
            Closed = (_, _) => closed++,
        };
        using Mesh mesh = new(probe);
        using Socket one = mesh.Dial();
        using Socket two = mesh.Dial();
        probe.Await("accepted").Await("accepted");

        mesh.Do(_ =>
        {
            // The loop is here, so both sends are waiting when it next looks.
            one.Send("x"u8);
            two.Send("x"u8);
        });
        probe.AwaitClosed();
        mesh.Do(_ => { });

        Assert.Equal(1, readable);
        Assert.Equal(1, closed);
    }

    [Fact]
    public void VisitLinks_SeveralOpen_ShowsEachOnceAndMayCloseThem()
    {
        Probe probe = Probe.Echo();
        using Mesh mesh = new(probe);
        Socket[] peers = [mesh.Dial(), mesh.Dial(), mesh.Dial()];
        probe.Await("accepted").Await("accepted").Await("accepted");
        List<ulong> seen = [];

        mesh.Do(loop => loop.VisitLinks(link =>
        {
            seen.Add(link.Id);
            link.Close();
        }));

        Assert.All(peers, peer => Assert.Equal(0, peer.ReceiveToEnd()));
        Assert.Equal(3, seen.Distinct().Count());
        Assert.Equal(3, seen.Count);
        Array.ForEach(peers, peer => peer.Dispose());
    }

    [Fact]
    public void Fairness_OneLinkFloods_OthersAreServed()
    {
        Probe probe = new()
        {
            Readable = link =>
            {
                if (link.Input.Length == 1)
                {
                    link.Send(link.Input);
                }

                link.Consume(link.Input.Length);
            },
        };
        using Mesh mesh = new(probe);
        using Socket flood = mesh.Dial();
        using CancellationTokenSource stop = new();
        Thread thread = new(() =>
        {
            byte[] chunk = new byte[256 * 1024];
            while (!stop.IsCancellationRequested)
            {
                flood.Send(chunk);
            }
        });
        thread.Start();
        using Socket small = mesh.Dial();

        for (int round = 0; round < 100; round++)
        {
            small.Send("x"u8);
            small.ReceiveExactly(1);
        }

        stop.Cancel();
        thread.Join();
        Assert.True(mesh.Loop.Counters.BytesReceived > 1_000_000);
    }

    private static (Socket Ours, Socket Theirs) Connected()
    {
        using Socket server = Mesh.NewServer(out IpEndpoint address);
        Socket theirs = Mesh.NewPeer();
        theirs.Connect(new IPEndPoint(IPAddress.Loopback, address.Port));
        return (server.Accept(), theirs);
    }

    private static int Duplicate(int descriptor)
    {
        int copy = dup(descriptor);
        Sockets.MakeNonBlocking(new SocketFd(copy));
        return copy;
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int dup(int descriptor);

    private sealed class Timer(Action then) : ITimerTarget
    {
        public void OnTimer(int kind) => then();
    }

    private sealed class Observer : ILoopObserver
    {
        public int Turns;
        public int Sleeps;

        public void OnTurnStart(Loop loop) => Turns++;

        public void OnBeforeWait(Loop loop) => Interlocked.Increment(ref Sleeps);
    }

    private sealed class DatagramEcho : IDatagramHandler
    {
        public void OnDatagram(DatagramLink link, ReadOnlySpan<byte> datagram, in IpEndpoint sender) => link.Send(datagram, sender);
    }
}
