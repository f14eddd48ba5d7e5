using System;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Weft.Buffers;
using Weft.Native.Linux;

namespace Weft.Reactor.Tests;

public class TcpLinkTests
{
    [Fact]
    public async Task Echo_ManySizes_ComeBackUnchanged()
    {
        using Mesh mesh = new(Probe.Echo());
        using Socket peer = mesh.Dial();

        foreach (int size in new[] { 1, 2, 4095, 4096, 20_000, 65_536, 300_000 })
        {
            byte[] sent = new byte[size];
            Random.Shared.NextBytes(sent);
            Task sending = Task.Run(() => peer.Send(sent));

            byte[] received = peer.ReceiveExactly(size);
            await sending;

            Assert.True(sent.AsSpan().SequenceEqual(received), "size " + size);
        }
    }

    [Fact]
    public void Input_HeadSentInPieces_StaysContiguousUntilConsumed()
    {
        string seen = string.Empty;
        Probe probe = new()
        {
            Readable = link =>
            {
                if (link.Input.EndsWith("\n"u8))
                {
                    seen = Encoding.ASCII.GetString(link.Input);
                    link.Consume(link.Input.Length);
                    link.Send("ok"u8);
                }
            },
        };
        using Mesh mesh = new(probe);
        using Socket peer = mesh.Dial();

        foreach (char c in "GET / HTTP/1.1\n")
        {
            peer.Send([(byte)c]);
        }

        Assert.Equal("ok", Encoding.ASCII.GetString(peer.ReceiveExactly(2)));
        Assert.Equal("GET / HTTP/1.1\n", seen);
    }

    [Fact]
    public void Input_PartlyConsumed_KeepsTheRestInFront()
    {
        StringBuilder seen = new();
        Probe probe = new()
        {
            Readable = link =>
            {
                // One byte per call: the rest must be offered again when asked for.
                seen.Append((char)link.Input[0]);
                link.Consume(1);
                if (!link.Input.IsEmpty)
                {
                    link.Wake();
                }
                else
                {
                    link.Send(Encoding.ASCII.GetBytes(seen.ToString()));
                }
            },
        };
        using Mesh mesh = new(probe);
        using Socket peer = mesh.Dial();

        peer.Send("abcdef"u8);

        Assert.Equal("abcdef", Encoding.ASCII.GetString(peer.ReceiveExactly(6)));
    }

    [Fact]
    public void Input_NobodyConsumes_StopsAtItsLimitAndHoldsThePeer()
    {
        LinkLimits limits = new() { MaxInput = 8192 };
        int most = 0;
        Probe probe = new() { Readable = link => most = Math.Max(most, link.Input.Length) };
        using Mesh mesh = new(probe, limits);
        using Socket peer = mesh.Dial();
        peer.SendTimeout = 500;

        Assert.Throws<SocketException>(void () =>
        {
            while (true)
            {
                peer.Send(new byte[64 * 1024]);
            }
        });

        Assert.Equal(8192, most);
        Assert.True(mesh.On(loop => probe.Link!.IsInputFull));
    }

    [Fact]
    public void PauseReading_ThenResume_OffersWhatCameMeanwhile()
    {
        Probe probe = new() { Readable = link => link.PauseReading() };
        using Mesh mesh = new(probe);
        using Socket peer = mesh.Dial();
        peer.Send("first"u8);
        probe.Await("readable");

        peer.Send("second"u8);
        mesh.Do(loop =>
        {
            probe.Readable = link =>
            {
                if (link.Input.Length == 11)
                {
                    link.Send(link.Input);
                }
            };
            probe.Link!.ResumeReading();
        });

        Assert.Equal("firstsecond", Encoding.ASCII.GetString(peer.ReceiveExactly(11)));
    }

    [Fact]
    public void PeerHalfClose_WhileWeStillSend_DeliversOurBytes()
    {
        Probe probe = new()
        {
            Readable = link => link.Consume(link.Input.Length),
            PeerEof = link =>
            {
                link.Send("bye"u8);
                link.ShutdownSend();
            },
        };
        using Mesh mesh = new(probe);
        using Socket peer = mesh.Dial();

        peer.Send("hello"u8);
        peer.Shutdown(SocketShutdown.Send);

        Assert.Equal(3, peer.ReceiveToEnd());
        Assert.Equal(CloseReason.Completed, probe.AwaitClosed().Reason);
    }

    [Fact]
    public void OwnHalfClose_WhileThePeerStillSends_KeepsReceiving()
    {
        StringBuilder received = new();
        Probe probe = new()
        {
            Accepted = link =>
            {
                link.Send("done"u8);
                link.ShutdownSend();
            },
            Readable = link =>
            {
                received.Append(Encoding.ASCII.GetString(link.Input));
                link.Consume(link.Input.Length);
            },
        };
        using Mesh mesh = new(probe);
        using Socket peer = mesh.Dial();

        Assert.Equal(4, peer.ReceiveToEnd());
        peer.Send("still here"u8);
        peer.Shutdown(SocketShutdown.Send);

        Assert.Equal(CloseReason.Completed, probe.AwaitClosed().Reason);
        Assert.Equal("still here", received.ToString());
    }

    [Fact]
    public void ShutdownSend_ThenSend_IsRefused()
    {
        SendStatus after = SendStatus.Taken;
        Probe probe = new()
        {
            Accepted = link =>
            {
                link.ShutdownSend();
                after = link.Send("x"u8);
            },
        };
        using Mesh mesh = new(probe);
        using Socket peer = mesh.Dial();

        Assert.Equal(0, peer.ReceiveToEnd());
        Assert.Equal(SendStatus.Closed, after);
    }

    [Fact]
    public void Close_WithMuchQueuedAndUnreadInput_DeliversEverything()
    {
        // A close() with unread input sends RST, which would throw away what the peer has not read yet.
        byte[] answer = new byte[700_000];
        Probe probe = new()
        {
            Readable = link =>
            {
                link.Send(answer);
                link.Close();
            },
        };
        using Mesh mesh = new(probe);
        using Socket peer = mesh.Dial(receiveBuffer: 16 * 1024);

        peer.Send(new byte[100]);
        probe.AwaitClosed();
        peer.Send(new byte[5000]);

        Assert.Equal(answer.Length, peer.ReceiveToEnd());
        Assert.Equal(CloseReason.Local, probe.Fault.Reason);
    }

    [Fact]
    public void Abort_PeerWaits_SeesReset()
    {
        Probe probe = new() { Readable = link => link.Abort() };
        using Mesh mesh = new(probe);
        using Socket peer = mesh.Dial();
        peer.Send("x"u8);

        SocketException exception = Assert.Throws<SocketException>(() => peer.Receive(new byte[1]));

        Assert.Equal(SocketError.ConnectionReset, exception.SocketErrorCode);
        Assert.Equal(CloseReason.LocalAbort, probe.AwaitClosed().Reason);
    }

    [Fact]
    public void PeerReset_AfterItsAnswer_OffersTheAnswerFirst()
    {
        // An HTTP server that answers early and closes with our body unread: its answer is in our kernel, behind it a reset.
        string answer = string.Empty;
        bool sawEof = false;
        Probe probe = new()
        {
            Readable = link =>
            {
                answer += Encoding.ASCII.GetString(link.Input);
                link.Consume(link.Input.Length);
            },
            PeerEof = _ => sawEof = true,
        };
        using Mesh mesh = new();
        using Socket server = Mesh.NewServer(out IpEndpoint address);
        mesh.Do(loop => loop.Connect(new ConnectOptions { Destination = address }, probe).Send("unread"u8));
        Socket peer = server.Accept();
        probe.Await("established");
        Assert.Equal(1, peer.Receive(new byte[1]));

        mesh.Do(loop =>
        {
            // While the loop is here it cannot look: the answer and the reset both wait for it, and its next act is a send.
            peer.Send("early answer"u8);
            peer.Dispose();
            probe.Link!.Send(new byte[64 * 1024]);
        });

        LinkFault fault = probe.AwaitClosed();
        Assert.Equal("early answer", answer);
        Assert.Equal(CloseReason.PeerReset, fault.Reason);
        Assert.False(sawEof);
    }

    [Fact]
    public void PeerReset_WhileReading_IsNamed()
    {
        Probe probe = new();
        using Mesh mesh = new(probe);
        Socket peer = mesh.Dial();
        probe.Await("accepted");

        peer.LingerState = new LingerOption(true, 0);
        peer.Dispose();

        LinkFault fault = probe.AwaitClosed();
        Assert.Equal(CloseReason.PeerReset, fault.Reason);
        Assert.Equal(Errno.ECONNRESET, fault.Errno);
    }

    [Fact]
    public void PeerReset_WhilePaused_IsStillNoticed()
    {
        Probe probe = new() { Accepted = link => link.PauseReading() };
        using Mesh mesh = new(probe);
        Socket peer = mesh.Dial();
        probe.Await("accepted");

        peer.LingerState = new LingerOption(true, 0);
        peer.Dispose();

        Assert.Equal(CloseReason.PeerReset, probe.AwaitClosed().Reason);
    }

    [Fact]
    public void PeerLeaves_WhilePaused_ShowsAsHungUp()
    {
        Probe probe = new() { Accepted = link => link.PauseReading() };
        using Mesh mesh = new(probe);
        using Socket peer = mesh.Dial();
        probe.Await("accepted");

        peer.Send("unread"u8);
        peer.Shutdown(SocketShutdown.Send);

        SpinUntil(() => mesh.On(loop => probe.Link!.HasPeerHungUp));
        Assert.False(mesh.On(loop => probe.Link!.HasPeerEof));
    }

    [Fact]
    public void Send_SlowReader_StaysWithinTheWatermarkAndResumes()
    {
        const int Total = 8 * 1024 * 1024;
        const int Chunk = 32 * 1024;
        byte[] chunk = new byte[Chunk];
        int sent = 0;
        int mostPending = 0;
        long mostSlabs = 0;
        void Feed(Link link)
        {
            while (sent < Total)
            {
                sent += Chunk;
                SendStatus status = link.Send(chunk);
                mostPending = Math.Max(mostPending, link.OutputPending);
                mostSlabs = Math.Max(mostSlabs, link.Loop.Slabs.BytesInUse);
                if (status != SendStatus.Taken)
                {
                    return;
                }
            }

            link.ShutdownSend();
        }

        Probe probe = new() { Readable = Feed, Writable = Feed };
        using Mesh mesh = new(probe);
        using Socket peer = mesh.Dial(receiveBuffer: 8 * 1024);
        peer.Send("go"u8);
        probe.Await("readable");

        Assert.True(sent < Total, "the kernel's buffers took everything: the test says nothing");
        Assert.Equal(Total, peer.ReceiveToEnd());
        LinkLimits limits = new();
        Assert.InRange(mostPending, limits.HighWatermark, limits.HighWatermark + Chunk);
        Assert.InRange(mostSlabs, 1, 2 * (limits.HighWatermark + Chunk));
        // What is left is the request that nobody consumed.
        Assert.Equal(SlabPool.SmallSize, mesh.On(loop => loop.Slabs.BytesInUse));
    }

    [Fact]
    public void Send_WatermarkIgnored_ClosesThatLink()
    {
        byte[] chunk = new byte[64 * 1024];
        Probe probe = new()
        {
            Readable = link =>
            {
                for (int count = 0; count < 1000 && link.Send(chunk) != SendStatus.Closed; count++)
                {
                }
            },
        };
        using Mesh mesh = new(probe);
        using Socket peer = mesh.Dial(receiveBuffer: 8 * 1024);

        peer.Send("go"u8);

        Assert.Equal(CloseReason.OutputOverflow, probe.AwaitClosed().Reason);
    }

    [Fact]
    public void SendHeadAndBody_BothLarge_ArriveInOrder()
    {
        byte[] head = [.. Enumerable.Repeat((byte)'h', 900)];
        byte[] body = [.. Enumerable.Repeat((byte)'b', 100_000)];
        Probe probe = new()
        {
            Readable = link =>
            {
                link.Consume(link.Input.Length);
                link.Send(head, body);
                link.Send(head, "tail"u8);
            },
        };
        using Mesh mesh = new(probe);
        using Socket peer = mesh.Dial();

        peer.Send("x"u8);

        byte[] expected = [.. head, .. body, .. head, .. "tail"u8.ToArray()];
        Assert.True(expected.AsSpan().SequenceEqual(peer.ReceiveExactly(expected.Length)));
    }

    [Fact]
    public void Handler_Throws_ClosesThatLinkOnly()
    {
        Probe probe = new()
        {
            Readable = link =>
            {
                if (link.Input[0] == (byte)'!')
                {
                    throw new InvalidOperationException("a bug above the engine");
                }

                link.Send(link.Input);
                link.Consume(link.Input.Length);
            },
        };
        using Mesh mesh = new(probe);
        using Socket healthy = mesh.Dial();
        using Socket sick = mesh.Dial();

        sick.Send("!"u8);

        Assert.Equal(CloseReason.HandlerFailed, probe.AwaitClosed().Reason);
        healthy.Send("fine"u8);
        Assert.Equal("fine", Encoding.ASCII.GetString(healthy.ReceiveExactly(4)));
        Assert.Equal(1, mesh.Log.HandlerFailures);
        Assert.Equal(1, mesh.Loop.Counters.HandlerFailures);
    }

    [Fact]
    public void Accept_HandlerReturnsNull_ResetsTheConnection()
    {
        using Mesh mesh = new(new Refuser());
        using Socket peer = mesh.Dial();

        Assert.Throws<SocketException>(() => peer.ReceiveToEnd());
        Assert.Equal(1, mesh.Loop.Counters.Refused);
    }

    [Fact]
    public void Addresses_AcceptedLink_AreBothKnown()
    {
        IpEndpoint remote = default;
        IpEndpoint local = default;
        Probe probe = new()
        {
            Accepted = link =>
            {
                remote = link.RemoteAddress;
                local = link.LocalAddress;
            },
        };
        using Mesh mesh = new(probe);
        using Socket peer = mesh.Dial();
        probe.Await("accepted");

        Assert.Equal(((IPEndPoint)peer.LocalEndPoint!).ToString(), remote.ToString());
        Assert.Equal(mesh.Address, local);
    }

    [Fact]
    public void Churn_ManyConnectionsInARow_ReusesSlotsWithoutMixingThem()
    {
        using Mesh mesh = new(Probe.Echo());

        for (int round = 0; round < 300; round++)
        {
            using Socket peer = mesh.Dial();
            byte[] mine = BitConverter.GetBytes(round);
            peer.Send(mine);
            Assert.Equal(mine, peer.ReceiveExactly(4));
        }

        SpinUntil(() => mesh.Loop.LinkCount == 0);
        Assert.Equal(0, mesh.On(loop => loop.Slabs.BytesInUse));
    }

    private static void SpinUntil(Func<bool> condition) =>
        Assert.True(SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(10)), "the condition did not come true in time");

    private sealed class Refuser : IAcceptHandler
    {
        public ILinkHandler? OnAccepted(Link link) => null;
    }
}
