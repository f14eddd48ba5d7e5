using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;

namespace Weft.Reactor.Tests;

/// <summary>What happens when the process may open no more descriptors. Alone, because the limit is the process's.</summary>
[Collection("alone")]
public class DescriptorLimitTests
{
    private const int OpenFiles = 7;

    [Fact]
    public void Accept_NoDescriptorsLeft_PausesWithoutSpinningAndGoesOnLater()
    {
        using Mesh mesh = new(Probe.Echo());
        Assert.Equal(0, getrlimit(OpenFiles, out Limit before));
        Socket[] peers = [];
        List<Socket> filling = [];
        try
        {
            mesh.Do(_ =>
            {
                // The loop is here and cannot accept: the peers wait in the backlog when the limit falls.
                peers = [mesh.Dial(), mesh.Dial()];
                ulong highest = (ulong)System.IO.Directory.GetFiles("/proc/self/fd").Max(name => int.Parse(System.IO.Path.GetFileName(name), null));
                Limit tight = before with { Soft = highest };
                Assert.Equal(0, setrlimit(OpenFiles, ref tight));
                FillGaps(filling);
            });
            Assert.True(SpinWait.SpinUntil(() => mesh.Loop.Counters.AcceptStalls >= 2, TimeSpan.FromSeconds(10)));
            Assert.Equal(0, mesh.Loop.Counters.Accepted);
            Assert.Equal(1, mesh.Log.Stalls);
            // Two stalls are at least a pause apart: far fewer turns than a spinning loop would take.
            Assert.InRange(mesh.Loop.Counters.Turns, 1, 1000);
        }
        finally
        {
            Limit restored = before;
            Assert.Equal(0, setrlimit(OpenFiles, ref restored));
            filling.ForEach(socket => socket.Dispose());
        }

        foreach (Socket peer in peers)
        {
            peer.Send("late"u8);
            Assert.Equal("late", Encoding.ASCII.GetString(peer.ReceiveExactly(4)));
            peer.Dispose();
        }
    }

    private static void FillGaps(List<Socket> filling)
    {
        try
        {
            while (true)
            {
                filling.Add(Mesh.NewPeer());
            }
        }
        catch (SocketException)
        {
            // The limit is reached: what the test wants.
        }
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int getrlimit(int resource, out Limit limit);

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int setrlimit(int resource, ref Limit limit);

    [StructLayout(LayoutKind.Sequential)]
    private record struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
