using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;

namespace Weft.Native.Processes;

/// <summary>
/// Waits for our children, and only for ours: waitpid(-1) would steal those of System.Diagnostics.Process. One thread polls
/// their pidfds. As process 1 of a namespace it also buries orphans that were handed to us.
/// </summary>
internal sealed unsafe class Reaper
{
    private const int OrphanSweepMilliseconds = 2000;
    private readonly Lock _gate = new();
    private readonly List<ChildProcess> _children = [];
    private readonly int _wake;
    private readonly bool _isInit = ProcessCalls.GetPid() == 1;

    private Reaper()
    {
        _wake = ProcessCalls.EventFd(0, 0x80000 | 0x800);
        ProcessCalls.Check(_wake, "eventfd");
        new Thread(Run) { IsBackground = true, Name = "weft-reaper" }.Start();
    }

    public static Reaper Shared { get; } = new();

    public void Watch(ChildProcess child)
    {
        lock (_gate)
        {
            _children.Add(child);
        }

        ulong one = 1;
        _ = ProcessCalls.Write(_wake, &one, sizeof(ulong));
    }

    private void Run()
    {
        while (true)
        {
            ChildProcess[] children;
            lock (_gate)
            {
                children = [.. _children];
            }

            ProcessCalls.PollFd[] fds = new ProcessCalls.PollFd[children.Length + 1];
            fds[0] = new ProcessCalls.PollFd { Fd = _wake, Events = ProcessCalls.PollIn };
            for (int i = 0; i < children.Length; i++)
            {
                fds[i + 1] = new ProcessCalls.PollFd { Fd = (int)children[i].Pidfd.DangerousGetHandle(), Events = ProcessCalls.PollIn };
            }

            fixed (ProcessCalls.PollFd* pointer = fds)
            {
                _ = ProcessCalls.Poll(pointer, (nuint)fds.Length, _isInit ? OrphanSweepMilliseconds : -1);
            }

            ulong drained;
            _ = ProcessCalls.Read(_wake, &drained, sizeof(ulong));
            for (int i = 0; i < children.Length; i++)
            {
                if (fds[i + 1].Returned != 0)
                {
                    Bury(children[i]);
                }
            }

            if (_isInit)
            {
                BuryOrphans();
            }
        }
    }

    private void Bury(ChildProcess child)
    {
        int status = 0;
        int result = ProcessCalls.WaitPid(child.Id, &status, ProcessCalls.WaitNoHang);
        if (result == 0 || (result < 0 && Marshal.GetLastPInvokeError() == ProcessCalls.InterruptedCall))
        {
            return;
        }

        lock (_gate)
        {
            _children.Remove(child);
        }

        int signal = status & 0x7f;
        child.Complete(signal == 0 ? (status >> 8) & 0xff : 128 + signal);
    }

    /// <summary>Looks without taking (WNOWAIT): a zombie that is one of ours is left for its own pidfd.</summary>
    private void BuryOrphans()
    {
        const int processIdOffset = 12;
        byte* info = stackalloc byte[128];
        while (true)
        {
            *(int*)(info + processIdOffset) = 0;
            if (ProcessCalls.WaitId(0, 0, info, ProcessCalls.WaitExited | ProcessCalls.WaitNoHang | ProcessCalls.WaitNoWait) != 0)
            {
                return;
            }

            int id = *(int*)(info + processIdOffset);
            if (id == 0 || IsOurs(id))
            {
                return;
            }

            _ = ProcessCalls.WaitPid(id, null, ProcessCalls.WaitNoHang);
        }
    }

    private bool IsOurs(int id)
    {
        lock (_gate)
        {
            return _children.Exists(child => child.Id == id);
        }
    }
}
