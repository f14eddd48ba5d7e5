using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading.Tasks;
using Microsoft.Win32.SafeHandles;
using Weft.Native.Namespaces;

namespace Weft.Native.Processes;

/// <summary>
/// One process we started, held by pidfd so that a signal never meets a reused process id. Started by posix_spawn from the
/// calling thread, whose network, mount and other per-thread namespaces the child gets (which System.Diagnostics.Process
/// cannot promise). No parent-death signal: it would follow the calling thread, not our process (linux-facts).
/// </summary>
public sealed class ChildProcess
{
    private const int AttributeBytes = 512;
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildProcess(int id, SafeFileHandle pidfd)
    {
        Id = id;
        Pidfd = pidfd;
    }

    /// <summary>Process id as we see it; valid until <see cref="Exited"/> completes.</summary>
    public int Id { get; }

    /// <summary>Completes with the exit code, or 128 + signal; never faults.</summary>
    public Task<int> Exited => _exited.Task;

    internal SafeFileHandle Pidfd { get; }

    /// <summary>Starts a process. Any thread; the child gets this thread's namespaces.</summary>
    /// <exception cref="IOException">The executable is missing or the kernel refuses; the message names path and errno.</exception>
    public static ChildProcess Start(ProcessSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        // Made now: from inside a new process id namespace this thread could start no thread.
        Reaper reaper = Reaper.Shared;
        int id = SpawnHolding(spec);
        int pidfd = ProcessCalls.PidfdOpen(id);
        ProcessCalls.Check(pidfd, "pidfd_open");
        ChildProcess child = new(id, new SafeFileHandle(pidfd, ownsHandle: true));
        reaper.Watch(child);
        return child;
    }

    /// <summary>Sends a signal; false when the process is already gone.</summary>
    public bool Signal(int signal)
    {
        if (Exited.IsCompleted)
        {
            return false;
        }

        bool added = false;
        try
        {
            Pidfd.DangerousAddRef(ref added);
            return ProcessCalls.PidfdSendSignal((int)Pidfd.DangerousGetHandle(), signal) == 0;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
        finally
        {
            if (added)
            {
                Pidfd.DangerousRelease();
            }
        }
    }

    /// <summary>Starts it and waits for its end.</summary>
    public static Task<int> RunAsync(ProcessSpec spec) => Start(spec).Exited;

    internal void Complete(int exitCode)
    {
        _exited.TrySetResult(exitCode);
        Pidfd.Dispose();
    }

    private static unsafe int SpawnHolding(ProcessSpec spec)
    {
        using SafeFileHandle devNull = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        Dictionary<int, SafeHandle> wanted = new(spec.Descriptors);
        for (int standard = 0; standard < 3; standard++)
        {
            wanted.TryAdd(standard, devNull);
        }

        byte* actions = stackalloc byte[AttributeBytes];
        byte* attributes = stackalloc byte[AttributeBytes];
        byte* signals = stackalloc byte[128];
        _ = ProcessCalls.ActionsInit(actions);
        _ = ProcessCalls.AttributesInit(attributes);
        List<int> lifted = [];
        using NativeStrings strings = new();
        try
        {
            // Lifted above every target first: mapping 3→4 and 4→3 in place would lose one of them.
            int floor = 64 + wanted.Keys.Max();
            foreach ((int target, SafeHandle handle) in wanted)
            {
                int copy = ProcessCalls.Fcntl((int)handle.DangerousGetHandle(), ProcessCalls.FcntlDupCloexec, floor);
                ProcessCalls.Check(copy, "fcntl(F_DUPFD_CLOEXEC)");
                lifted.Add(copy);
                _ = ProcessCalls.ActionsDup2(actions, copy, target);
            }

            GC.KeepAlive(wanted);
            if (spec.WorkingDirectory is { } directory)
            {
                _ = ProcessCalls.ActionsChdir(actions, strings.Add(directory));
            }

            // The runtime ignores SIGPIPE and blocks some signals in its threads; a child starts with a clean slate.
            _ = ProcessCalls.SignalSetEmpty(signals);
            _ = ProcessCalls.AttributesSetSignalMask(attributes, signals);
            _ = ProcessCalls.SignalSetFill(signals);
            _ = ProcessCalls.AttributesSetSignalDefault(attributes, signals);
            int flags = ProcessCalls.SpawnSetSignalMask | ProcessCalls.SpawnSetSignalDefault | (spec.NewSession ? ProcessCalls.SpawnSetSession : 0);
            _ = ProcessCalls.AttributesSetFlags(attributes, (short)flags);

            byte** argv = strings.AddArray(new[] { spec.Path }.Concat(spec.Arguments));
            byte** environment = strings.AddArray(spec.Environment.Select(pair => pair.Key + "=" + pair.Value));
            byte* path = strings.Add(spec.Path);
            using SafeFileHandle? ourProcessIds = spec.NewProcessIds ? ThreadNamespaces.Open("pid_for_children") : null;
            if (ourProcessIds is not null)
            {
                ThreadNamespaces.Unshare(NamespaceKinds.ProcessIds);
            }

            int id;
            int errno = ProcessCalls.Spawn(&id, path, actions, attributes, argv, environment);
            if (ourProcessIds is not null)
            {
                ThreadNamespaces.Enter(ourProcessIds, NamespaceKinds.ProcessIds);
            }

            return errno == 0 ? id : throw ProcessCalls.Failure("cannot start " + spec.Path, errno);
        }
        finally
        {
            foreach (int copy in lifted)
            {
                _ = ProcessCalls.Close(copy);
            }

            _ = ProcessCalls.ActionsDestroy(actions);
            _ = ProcessCalls.AttributesDestroy(attributes);
        }
    }

    /// <summary>NUL-terminated UTF-8 copies in native memory, freed together.</summary>
    private sealed unsafe class NativeStrings : IDisposable
    {
        private readonly List<nint> _blocks = [];

        public byte* Add(string text)
        {
            int length = Encoding.UTF8.GetByteCount(text);
            byte* block = (byte*)NativeMemory.Alloc((nuint)length + 1);
            _blocks.Add((nint)block);
            Encoding.UTF8.GetBytes(text, new Span<byte>(block, length));
            block[length] = 0;
            return block;
        }

        public byte** AddArray(IEnumerable<string> texts)
        {
            string[] all = [.. texts];
            byte** array = (byte**)NativeMemory.Alloc((nuint)(all.Length + 1), (nuint)sizeof(byte*));
            _blocks.Add((nint)array);
            for (int i = 0; i < all.Length; i++)
            {
                array[i] = Add(all[i]);
            }

            array[all.Length] = null;
            return array;
        }

        public void Dispose()
        {
            foreach (nint block in _blocks)
            {
                NativeMemory.Free((void*)block);
            }
        }
    }
}
