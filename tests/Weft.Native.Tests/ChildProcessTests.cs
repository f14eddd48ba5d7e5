using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading.Tasks;
using Microsoft.Win32.SafeHandles;
using Weft.Native.Processes;

namespace Weft.Native.Tests;

public sealed class ChildProcessTests
{
    private static ProcessSpec Shell(string script, MemoryFile output, string? directory = null, IReadOnlyDictionary<int, SafeHandle>? more = null) => new()
    {
        Path = "/bin/sh",
        Arguments = ["-c", script],
        Environment = new Dictionary<string, string> { ["ONLY"] = "this" },
        WorkingDirectory = directory,
        Descriptors = new Dictionary<int, SafeHandle>(more ?? new Dictionary<int, SafeHandle>()) { [1] = output.Handle, [2] = output.Handle },
    };

    private static string Text(MemoryFile file)
    {
        byte[] bytes = new byte[RandomAccess.GetLength(file.Handle)];
        return Encoding.UTF8.GetString(bytes, 0, RandomAccess.Read(file.Handle, bytes, 0));
    }

    [Fact]
    public async Task Start_Child_HasItsFolderItsEnvironmentAndNothingOfOurs()
    {
        using MemoryFile output = MemoryFile.Create("output", string.Empty);
        // Whoever started the tests may have left descriptors open that are not close-on-exec, as a careless shell does.
        InheritedDescriptor.SealAll();

        Assert.Equal(0, await ChildProcess.RunAsync(Shell("pwd; echo $ONLY$HOME$PATH_OF_OURS; ls /proc/self/fd", output, "/etc")));

        // 3 is ls's own, on the folder it reads.
        Assert.Equal("/etc\nthis\n0\n1\n2\n3\n", Text(output));
    }

    [Fact]
    public async Task Start_DescriptorsThatSwapNumbers_ArriveAsNamed()
    {
        using MemoryFile output = MemoryFile.Create("output", string.Empty);
        using MemoryFile a = MemoryFile.Create("a", "A");
        using MemoryFile b = MemoryFile.Create("b", "B");
        // Each wants a number that the other may have on our side.
        Dictionary<int, SafeHandle> swapped = new() { [(int)a.Handle.DangerousGetHandle()] = b.Handle, [(int)b.Handle.DangerousGetHandle()] = a.Handle };

        await ChildProcess.RunAsync(Shell($"cat /proc/self/fd/{a.Handle.DangerousGetHandle()} /proc/self/fd/{b.Handle.DangerousGetHandle()}", output, more: swapped));

        Assert.Equal("BA", Text(output));
    }

    [Theory]
    [InlineData("exit 7", 7)]
    [InlineData("kill -TERM $$", 128 + 15)]
    public async Task Exited_CodeOrSignal_IsToldAsAShellDoes(string script, int expected)
    {
        using MemoryFile output = MemoryFile.Create("output", string.Empty);

        Assert.Equal(expected, await ChildProcess.RunAsync(Shell(script, output)));
    }

    [Fact]
    public async Task Signal_RunningThenGone_SaysWhetherAnybodyHeard()
    {
        using MemoryFile output = MemoryFile.Create("output", string.Empty);
        // The runtime ignores SIGPIPE; a child that inherited that would print the line.
        ChildProcess child = ChildProcess.Start(Shell("kill -PIPE $$; echo survived", output));
        Assert.Equal(128 + 13, await child.Exited);
        Assert.False(child.Signal(Signals.Terminate));

        ChildProcess sleeper = ChildProcess.Start(Shell("exec sleep 60", output));
        Assert.True(sleeper.Signal(Signals.Kill));
        Assert.Equal(128 + 9, await sleeper.Exited);
        Assert.Empty(Text(output));
    }

    [Fact]
    public void Start_NoSuchProgram_SaysWhich()
    {
        IOException missing = Assert.Throws<IOException>(() => ChildProcess.Start(new ProcessSpec { Path = "/no/such/program" }));

        Assert.Contains("/no/such/program", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DescriptorMessage_DescriptorsBesideBytes_ArriveWithTheirFirstByte()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("weft-native-").FullName, "s");
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen(1);
        using Socket sender = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        sender.Connect(new UnixDomainSocketEndPoint(path));
        using Socket receiver = listener.Accept();
        using MemoryFile sent = MemoryFile.Create("sent", "through a socket");

        DescriptorMessage.Send(sender, "hello"u8, [sent.Handle]);
        byte[] buffer = new byte[16];
        int read = DescriptorMessage.Receive(receiver, buffer, out IReadOnlyList<SafeFileHandle> received);

        Assert.Equal("hello", Encoding.UTF8.GetString(buffer, 0, read));
        using SafeFileHandle descriptor = Assert.Single(received);
        byte[] content = new byte[32];
        Assert.Equal("through a socket", Encoding.UTF8.GetString(content, 0, RandomAccess.Read(descriptor, content, 0)));
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Fact]
    public async Task AppendFile_Rotated_KeepsTheOldBesideAndGoesOnWithTheSameDescriptor()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("weft-native-").FullName, "app.log");
        using (SafeFileHandle log = AppendFile.Open(path))
        {
            RandomAccess.Write(log, "first line\n"u8, 0);
            Assert.False(AppendFile.Rotate(path, 1000));
            Assert.True(AppendFile.Rotate(path, 5));
            using MemoryFile unused = MemoryFile.Create("unused", string.Empty);
            Assert.Equal(0, await ChildProcess.RunAsync(Shell("echo second", unused) with { Descriptors = new Dictionary<int, SafeHandle> { [1] = log } }));
        }

        Assert.Equal("first line\n", File.ReadAllText(path + ".1"));
        Assert.Equal("second\n", File.ReadAllText(path));
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }
}
