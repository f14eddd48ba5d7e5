using System;
using Microsoft.Win32.SafeHandles;

namespace Weft.Native.Processes;

/// <summary>A pipe, both ends close-on-exec; what is passed on is passed by <see cref="ProcessSpec.Descriptors"/>.</summary>
public sealed class Pipe : IDisposable
{
    private Pipe(SafeFileHandle reader, SafeFileHandle writer)
    {
        Reader = reader;
        Writer = writer;
    }

    public SafeFileHandle Reader { get; }

    public SafeFileHandle Writer { get; }

    public static unsafe Pipe Create()
    {
        const int closeOnExec = 0x80000;
        int* ends = stackalloc int[2];
        ProcessCalls.Check(ProcessCalls.Pipe2(ends, closeOnExec), "pipe2");
        return new Pipe(new SafeFileHandle(ends[0], ownsHandle: true), new SafeFileHandle(ends[1], ownsHandle: true));
    }

    public void Dispose()
    {
        Reader.Dispose();
        Writer.Dispose();
    }
}
