using System;
using System.Diagnostics;
using System.Threading;
using Weft.Buffers;
using Weft.Native.Linux;
using Weft.Native.OpenSsl;

namespace Weft.Reactor;

/// <summary>
/// One event loop on one dedicated thread: its links, timers, buffers and counters belong to it alone, so nothing here locks and nothing blocks. Other
/// threads reach it only by <see cref="Post(LoopWork)"/>.
/// <para>The order of a turn is always: wait → clock → observer (snapshot) → mark readiness → mailbox (bounded) → timers → accepts (bounded) →
/// handshakes (bounded) → ready links (each within its budget), writes flushed behind every few of them → closings → retired slots.</para>
/// <para>A loop never dies of a link: what a handler throws closes that link, is counted and logged. What the loop itself throws ends the process,
/// because a half-alive loop is worse than a restart.</para>
/// </summary>
public sealed class Loop : IDisposable
{
    private const int EventsPerWait = 512;
    private const int ScratchBytes = 64 * 1024;

    // Writes wait for at most so many links: enough to coalesce, too few to be felt.
    private const int LinksPerFlush = 16;

    // Slot 0 is never used in generation 0, so this cannot be a link's token.
    private const ulong WakeUpData = 0;

    private readonly LoopOptions _options;
    private readonly EpollSet _epoll = new(EventsPerWait);
    private readonly WakeUp _wakeUp = new();
    private readonly MpscQueue<LoopWork> _mailbox = new();
    private readonly SlotTable<Pollable> _slots = new();
    private readonly LoopPools _pools;
    private readonly Thread _thread;
    private LinkQueue _ready = new(LinkChain.Ready);
    private LinkQueue _handshakes = new(LinkChain.Handshake);
    private LinkQueue _flush = new(LinkChain.Flush);
    private LinkQueue _closing = new(LinkChain.Closing);
    private Batch<Listener> _acceptable;
    private Batch<Link> _released;
    private Batch<Pollable> _forgotten;
    private int _linkCount;
    private int _incoming;
    private ulong _nextLinkId;
    private bool _mailboxWaits;
    private bool _stopping;

    /// <summary>Makes a loop; <see cref="Start"/> runs it. Between the two, the thread that made it may set it up.</summary>
    public Loop(LoopOptions? options = null)
    {
        _options = options ?? new LoopOptions();
        Log = _options.Log ?? StandardErrorLog.Instance;
        Limits = _options.Limits;
        ReadClock();
        Timers = new TimerWheel(NowMilliseconds);
        _pools = new LoopPools(new TlsWorkspace(Slabs));
        _nextLinkId = ((ulong)Index + 1) << 48;
        _thread = new Thread(RunThread) { Name = "loop " + Index, IsBackground = true };
        _epoll.Add(_wakeUp.Number, EpollEvents.In | EpollEvents.EdgeTriggered, WakeUpData);
    }

    /// <summary>Position among the process's loops.</summary>
    public int Index => _options.Index;

    /// <summary>Monotonic nanoseconds, read once per turn.</summary>
    public long Now { get; private set; }

    /// <summary>Monotonic milliseconds, read once per turn; what <see cref="Timers"/> run on.</summary>
    public long NowMilliseconds { get; private set; }

    /// <summary>Timers of this loop.</summary>
    public TimerWheel Timers { get; }

    /// <summary>Buffers of this loop, also for queues that its users keep (a body kept for a retry).</summary>
    public SlabPool Slabs { get; } = new();

    /// <summary>What it has done. Any thread may read.</summary>
    public LoopCounters Counters { get; } = new();

    /// <summary>Bounds of its links.</summary>
    public LinkLimits Limits { get; }

    /// <summary>Links that live now. Any thread may read.</summary>
    public int LinkCount => Volatile.Read(ref _linkCount);

    /// <summary>What the room above keeps per loop (its snapshot, pools, metrics). Loop thread only, once started.</summary>
    public object? Context { get; set; }

    /// <summary>True on the loop's own thread.</summary>
    public bool IsCurrentThread => Thread.CurrentThread == _thread;

    /// <summary>The group it belongs to, when connections are balanced between loops.</summary>
    public LoopGroup? Group { get; internal set; }

    /// <summary>Links and connections on their way here: what loops are compared by. Any thread.</summary>
    internal int Load => Volatile.Read(ref _linkCount) + Volatile.Read(ref _incoming);

    internal IReactorLog Log { get; }

    // Pinned: the kernel writes to it on every receive.
    internal byte[] Scratch { get; } = GC.AllocateUninitializedArray<byte>(ScratchBytes, pinned: true);

    /// <summary>Starts the thread.</summary>
    public void Start() => _thread.Start();

    /// <summary>Ends the loop after the current turn; its links are reset. Any thread; waits for the end unless called on the loop itself.</summary>
    public void Stop()
    {
        Volatile.Write(ref _stopping, true);
        _wakeUp.Signal();
        if (!IsCurrentThread && (_thread.ThreadState & System.Threading.ThreadState.Unstarted) == 0)
        {
            _thread.Join();
        }
    }

    /// <summary>Stops the loop and frees what it holds.</summary>
    public void Dispose()
    {
        Stop();
        _epoll.Dispose();
        _wakeUp.Dispose();
        Slabs.Dispose();
    }

    /// <summary>Runs <paramref name="work"/> on this loop in one of its next turns. Any thread; allocates nothing.</summary>
    public void Post(LoopWork work)
    {
        if (_mailbox.Push(work))
        {
            _wakeUp.Signal();
        }
    }

    /// <summary>Runs <paramref name="work"/> on this loop. Any thread; for rare things, as it allocates.</summary>
    public void Post(Action<Loop> work) => Post(new ActionWork(work));

    /// <summary>
    /// Connects to a peer. The link is returned at once, in <see cref="LinkState.Connecting"/>; <paramref name="handler"/> hears how it ends, never from
    /// inside this call, also when it fails at once. Loop thread only.
    /// </summary>
    public Link Connect(in ConnectOptions options, ILinkHandler handler)
    {
        Counters.Connects++;
        Link link = RentLink();
        link.Connect(_nextLinkId++, options, handler);
        return link;
    }

    /// <summary>Accepts connections from <paramref name="socket"/> on this loop too. Loop thread, or before <see cref="Start"/>.</summary>
    /// <exception cref="InvalidOperationException">The kernel refuses to poll the descriptor.</exception>
    public Listener Listen(ListeningSocket socket, IAcceptHandler handler)
    {
        ArgumentNullException.ThrowIfNull(socket);
        Listener listener = new(this, socket, handler);
        IoResult result = listener.Register();
        return result.IsOk ? listener : throw new InvalidOperationException("cannot poll the listening socket: " + result.Errno.Describe());
    }

    /// <summary>Takes a connected, non-blocking socket onto this loop as an inbound link: one that came over SCM_RIGHTS or from another loop. Loop thread.</summary>
    public void Adopt(SocketFd socket, in IpEndpoint peer, IAcceptHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Counters.Accepted++;
        Link link = RentLink();
        link.Accept(_nextLinkId++, socket, peer);
        if (!link.IsAlive)
        {
            return;
        }

        try
        {
            link.Handler = handler.OnAccepted(link);
            if (link.Handler is null && link.IsAlive)
            {
                Counters.Refused++;
                link.Abort();
            }
        }
        catch (Exception exception)
        {
            HandlerFailed(link, exception);
        }
    }

    /// <summary>Polls a UDP socket (<see cref="DatagramLink.Open"/>, or inherited). Loop thread, or before <see cref="Start"/>.</summary>
    /// <exception cref="InvalidOperationException">The kernel refuses to poll the descriptor.</exception>
    public DatagramLink AddDatagram(SocketFd socket, IDatagramHandler handler)
    {
        DatagramLink link = new(this, socket, handler);
        IoResult result = link.Register();
        return result.IsOk ? link : throw new InvalidOperationException("cannot poll the UDP socket: " + result.Errno.Describe());
    }

    /// <summary>
    /// Shows every link that carries or may soon carry data, for what concerns all of them: draining, a trust root that was removed. The visitor may close
    /// them; links that it opens may or may not be shown. Loop thread only; rare, as it walks the whole table.
    /// </summary>
    public void VisitLinks(Action<Link> visit)
    {
        ArgumentNullException.ThrowIfNull(visit);
        for (int index = 0; index < _slots.Limit; index++)
        {
            if (_slots.At(index) is Link { IsAlive: true } link)
            {
                visit(link);
            }
        }
    }

    internal IoResult Poll(int descriptor, EpollEvents events, Pollable pollable)
    {
        SlotToken token = _slots.Add(pollable);
        IoResult result = _epoll.Add(descriptor, events, token.Value);
        if (result.IsOk)
        {
            pollable.Token = token;
        }
        else
        {
            _slots.Remove(token);
        }

        return result;
    }

    /// <summary>Takes a listener or a UDP socket out of the set; its slot is free at the end of the turn.</summary>
    internal void Forget(Pollable pollable, int descriptor)
    {
        _ = _epoll.Remove(descriptor);
        _forgotten.Add(pollable);
    }

    internal void MarkReady(Link link) => _ready.Add(link);

    internal void MarkHandshake(Link link) => _handshakes.Add(link);

    internal void QueueFlush(Link link) => _flush.Add(link);

    internal void MarkClosing(Link link) => _closing.Add(link);

    internal void MarkAcceptable(Listener listener)
    {
        if (!listener.IsMarked)
        {
            listener.IsMarked = true;
            _acceptable.Add(listener);
        }
    }

    /// <summary>Puts a freshly accepted connection on the loop that should have it.</summary>
    internal void Place(SocketFd socket, in IpEndpoint peer, IAcceptHandler handler)
    {
        Loop target = Group?.LeastLoaded(this) ?? this;
        if (target == this)
        {
            Adopt(socket, peer, handler);
        }
        else
        {
            Counters.HandedOver++;
            // Counted at once: a burst is accepted before the other loop has looked into its mailbox.
            Interlocked.Increment(ref target._incoming);
            target.Post(new AdoptWork(socket, peer, handler));
        }
    }

    /// <summary>Ends a link's life: it is closed now, its slot and object are free at the end of the turn, when no event of this batch can name them.</summary>
    internal void Release(Link link)
    {
        Counters.Closed++;
        link.Reset();
        _released.Add(link);
    }

    internal TlsSession RentTls() => _pools.RentSession();

    internal void ReturnTls(TlsSession session) => _pools.Return(session);

    private Link RentLink()
    {
        Volatile.Write(ref _linkCount, _linkCount + 1);
        return _pools.TryRentLink(out Link? link) ? link : new Link(this);
    }

    private void RunThread()
    {
        try
        {
            while (!Volatile.Read(ref _stopping))
            {
                Turn();
            }

            CloseEverything();
        }
        catch (Exception exception)
        {
            Environment.FailFast("loop " + Index + " failed; a process with a dead loop would hold its connections for ever", exception);
        }
    }

    // The parts are methods of their own, so that no dead local keeps an object alive over the wait.
    private void Turn()
    {
        int events = Wait();
        ReadClock();
        Counters.Turns++;
        _options.Observer?.OnTurnStart(this);
        MarkReadiness(events);
        TakeMail();
        FireTimers();
        AcceptConnections();
        StepHandshakes();
        RunReadyLinks();
        FlushWrites();
        FinishClosings();
        RetireSlots();
    }

    private int Wait()
    {
        bool workWaits = !_ready.IsEmpty || !_handshakes.IsEmpty || !_flush.IsEmpty || !_closing.IsEmpty || _mailboxWaits || Volatile.Read(ref _stopping);
        int timeout = workWaits ? 0 : Timers.MillisecondsToNext(NowMilliseconds);
        if (timeout != 0)
        {
            _options.Observer?.OnBeforeWait(this);
        }

        IoResult result = _epoll.Wait(timeout);
        return result.IsOk ? result.Value : throw new InvalidOperationException("epoll_wait: " + result.Errno.Describe());
    }

    private void ReadClock()
    {
        // CLOCK_MONOTONIC in nanoseconds on Linux.
        Now = Stopwatch.GetTimestamp();
        NowMilliseconds = Now / 1_000_000;
    }

    private void MarkReadiness(int events)
    {
        for (int index = 0; index < events; index++)
        {
            _epoll.Read(index, out EpollEvents ready, out ulong data);
            if (data == WakeUpData)
            {
                _wakeUp.Reset();
            }
            else if (_slots.TryGet(new SlotToken(data), out Pollable? pollable))
            {
                Mark(pollable, ready);
            }
            else
            {
                Counters.StaleEvents++;
            }
        }
    }

    private void Mark(Pollable pollable, EpollEvents ready)
    {
        if (pollable is not DatagramLink)
        {
            pollable.OnEvents(ready);
            return;
        }

        try
        {
            pollable.OnEvents(ready);
        }
        catch (Exception exception)
        {
            Counters.HandlerFailures++;
            Log.HandlerFailed(Index, 0, exception);
        }
    }

    private void TakeMail()
    {
        int budget = _options.MessagesPerTurn;
        while (budget-- > 0 && _mailbox.TryTake(out LoopWork? work))
        {
            try
            {
                work.Run(this);
            }
            catch (Exception exception)
            {
                Counters.HandlerFailures++;
                Log.HandlerFailed(Index, 0, exception);
            }
        }

        _mailboxWaits = !_mailbox.IsEmpty;
    }

    private void FireTimers()
    {
        bool again;
        do
        {
            again = false;
            try
            {
                Timers.Advance(NowMilliseconds);
            }
            catch (Exception exception)
            {
                // The timer that threw is spent, so going on makes progress.
                Counters.HandlerFailures++;
                Log.HandlerFailed(Index, 0, exception);
                again = true;
            }
        }
        while (again);
    }

    private void AcceptConnections()
    {
        foreach (Listener listener in _acceptable.Items)
        {
            listener.IsMarked = false;
            listener.AcceptSome(_options.AcceptsPerTurn);
        }

        _acceptable.Clear();
    }

    private void StepHandshakes()
    {
        for (int budget = Math.Min(_options.HandshakesPerTurn, _handshakes.Count); budget > 0 && _handshakes.TryTake(out Link? link); budget--)
        {
            try
            {
                link.RunHandshake();
            }
            catch (Exception exception)
            {
                HandlerFailed(link, exception);
            }
        }
    }

    private void RunReadyLinks()
    {
        // Links that become ready meanwhile have their turn next time: nobody can keep the loop here.
        int count = _ready.Count;
        for (int index = 1; index <= count && _ready.TryTake(out Link? link); index++)
        {
            try
            {
                link.Run();
            }
            catch (Exception exception)
            {
                HandlerFailed(link, exception);
            }

            if (index % LinksPerFlush == 0)
            {
                FlushWrites();
            }
        }
    }

    private void FlushWrites()
    {
        for (int count = _flush.Count; count > 0 && _flush.TryTake(out Link? link); count--)
        {
            try
            {
                link.FlushQueued();
            }
            catch (Exception exception)
            {
                HandlerFailed(link, exception);
            }
        }
    }

    private void FinishClosings()
    {
        while (_closing.TryTake(out Link? link))
        {
            try
            {
                link.FinishClosing();
            }
            catch (Exception exception)
            {
                HandlerFailed(link, exception);
            }
        }
    }

    private void HandlerFailed(Link link, Exception exception)
    {
        Counters.HandlerFailures++;
        Log.HandlerFailed(Index, link.Id, exception);
        link.HandlerThrew();
    }

    private void RetireSlots()
    {
        foreach (Link link in _released.Items)
        {
            _slots.Remove(link.Token);
            link.Token = default;
            Volatile.Write(ref _linkCount, _linkCount - 1);
            // A link that closed itself may still stand in a queue of the next turn; then it is not used again.
            if (!link.IsQueuedAnywhere)
            {
                _pools.Return(link);
            }
        }

        _released.Clear();
        foreach (Pollable pollable in _forgotten.Items)
        {
            _slots.Remove(pollable.Token);
        }

        _forgotten.Clear();
    }

    private void CloseEverything()
    {
        for (int index = 0; index < _slots.Limit; index++)
        {
            switch (_slots.At(index))
            {
                case Link link when link.IsAlive:
                    link.Abort(CloseReason.LoopStopped);
                    break;
                case Link { State: LinkState.Draining } link:
                    Release(link);
                    break;
                case DatagramLink datagram:
                    datagram.Close();
                    break;
                case Listener listener:
                    listener.Stop();
                    break;
                default:
                    break;
            }
        }

        FinishClosings();
        RetireSlots();
        _pools.Clear();
    }

    private sealed class ActionWork(Action<Loop> action) : LoopWork
    {
        public override void Run(Loop loop) => action(loop);
    }

    private sealed class AdoptWork(SocketFd socket, IpEndpoint peer, IAcceptHandler handler) : LoopWork
    {
        public override void Run(Loop loop)
        {
            Interlocked.Decrement(ref loop._incoming);
            loop.Adopt(socket, peer, handler);
        }
    }
}
