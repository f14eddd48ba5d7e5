using System;
using System.Threading;
using Weft.Native.OpenSsl;

namespace Weft.Reactor.Tests;

/// <summary>The budget of the data path: 0 bytes of garbage per round trip once everything is warm, plain and TLS, with one loop and with two.</summary>
[Collection("alone")]
public class AllocationTests
{
    private const int WarmUp = 3_000;
    private const int Measured = 10_000;

    // Seen in Release: 32 bytes, once, at whatever round the runtime replaces a method by its optimised form. One object a round would be 12,000 at least.
    private const long OnceByTheRuntime = 64;

    [Theory]
    [InlineData(false, 16, false)]
    [InlineData(false, 100_000, false)]
    [InlineData(true, 16, false)]
    [InlineData(true, 100_000, false)]
    [InlineData(false, 16, true)]
    [InlineData(true, 16, true)]
    public void Echo_SteadyState_AllocatesNothing(bool tls, int size, bool twoLoops)
    {
        using Authority authority = new();
        using Leaf leaf = authority.Issue("spiffe://cluster.local/ns/grid/sa/web");
        using TlsContext server = leaf.Context(TlsRole.Server, authority);
        using TlsContext client = leaf.Context(TlsRole.Client, authority);
        TlsServerOptions serverOptions = new() { Expected = PeerExpectation.TrustDomains(["cluster.local"]) };
        TlsClientOptions clientOptions = new() { Expected = PeerExpectation.TrustDomains(["cluster.local"]) };
        using Mesh mesh = new(new EchoServer(tls ? server : null, serverOptions));
        using Mesh other = new();
        int rounds = size > 1000 ? Measured / 20 : Measured;
        Pinger pinger = new(size, size > 1000 ? WarmUp / 20 : WarmUp, rounds, mesh.Loop);
        Loop clientLoop = twoLoops ? other.Loop : mesh.Loop;

        clientLoop.Post(loop => loop.Connect(
            new ConnectOptions { Destination = mesh.Address, TlsContext = tls ? client : null, Tls = tls ? clientOptions : null },
            pinger));

        Assert.True(pinger.Done.Wait(TimeSpan.FromSeconds(60)), "the rounds did not end in time");
        Assert.Equal(rounds, pinger.Rounds);
        Assert.InRange(pinger.AllocatedHere, 0, OnceByTheRuntime);
        Assert.InRange(pinger.AllocatedThere, 0, OnceByTheRuntime);
    }

    private sealed class EchoServer(TlsContext? context, TlsServerOptions options) : IAcceptHandler, ILinkHandler
    {
        public ILinkHandler OnAccepted(Link link)
        {
            if (context is not null)
            {
                link.StartTls(context, options);
            }

            return this;
        }

        public void OnEstablished(Link link)
        {
        }

        public void OnReadable(Link link)
        {
            link.Send(link.Input);
            link.Consume(link.Input.Length);
        }

        public void OnPeerEof(Link link) => link.Close();

        public void OnWritable(Link link)
        {
        }

        public void OnClosed(Link link, in LinkFault fault)
        {
        }
    }

    /// <summary>Sends, waits for the echo, sends again; reads both threads' allocation counters at the beginning and at the end of what is measured.</summary>
    private sealed class Pinger(int size, int warmUp, int measured, Loop serverLoop) : LoopWork, ILinkHandler
    {
        private readonly byte[] _message = new byte[size];
        private Resume? _resume;
        private int _expected;
        private int _warmed;
        private long _here;
        private long _there;
        private bool _measuring;
        private bool _readBoth;
        private Link? _link;

        public ManualResetEventSlim Done { get; } = new();

        public int Rounds { get; private set; }

        public long AllocatedHere { get; private set; } = -1;

        public long AllocatedThere { get; private set; } = -1;

        public void OnEstablished(Link link)
        {
            _link = link;
            _resume = new Resume(this);
            Ping(link);
        }

        public void OnReadable(Link link)
        {
            _expected -= link.Input.Length;
            link.Consume(link.Input.Length);
            if (_expected > 0)
            {
                return;
            }

            if (!_measuring)
            {
                if (++_warmed == warmUp)
                {
                    // The server's loop reads its own counter; the exchange goes on from there.
                    _measuring = true;
                    _here = GC.GetAllocatedBytesForCurrentThread();
                    serverLoop.Post(this);
                    return;
                }
            }
            else if (++Rounds == measured)
            {
                AllocatedHere = GC.GetAllocatedBytesForCurrentThread() - _here;
                serverLoop.Post(this);
                return;
            }

            Ping(link);
        }

        public override void Run(Loop loop)
        {
            if (!_readBoth)
            {
                _readBoth = true;
                _there = GC.GetAllocatedBytesForCurrentThread();
                if (_link!.Loop == loop)
                {
                    Ping(_link);
                }
                else
                {
                    _link.Loop.Post(_resume!);
                }

                return;
            }

            AllocatedThere = GC.GetAllocatedBytesForCurrentThread() - _there;
            Done.Set();
        }

        public void OnPeerEof(Link link)
        {
        }

        public void OnWritable(Link link)
        {
        }

        public void OnClosed(Link link, in LinkFault fault)
        {
        }

        private void Ping(Link link)
        {
            _expected = _message.Length;
            link.Send(_message);
        }

        private sealed class Resume(Pinger pinger) : LoopWork
        {
            public override void Run(Loop loop)
            {
                pinger._here = GC.GetAllocatedBytesForCurrentThread();
                pinger.Ping(pinger._link!);
            }
        }
    }
}

[CollectionDefinition("alone", DisableParallelization = true)]
public class AloneCollection;
