using System;
using System.Linq;
using System.Threading;
using Weft.Telemetry.AccessLog;

namespace Weft.Telemetry.Tests.AccessLog;

public sealed class LogWriterTests
{
    [Fact]
    public void Write_FromTwoLoops_EveryLineArrivesWholeAndInOrderOfItsLoop()
    {
        const int Lines = 5000;
        using var stream = new GatedStream();
        using var writer = new LogWriter(stream);
        Thread[] loops = [.. Enumerable.Range(0, 2).Select(loop => new Thread(() =>
        {
            var log = new LoopAccessLog(new BufferRing(4 * 1024 * 1024), writer, isJson: false);
            for (int i = 0; i < Lines; i++) Write(log, loop, i);
        }))];
        foreach (Thread loop in loops) loop.Start();
        foreach (Thread loop in loops) loop.Join();

        Assert.True(stream.WaitFor(text => text.Count(c => c == '\n') == 2 * Lines));
        for (int loop = 0; loop < 2; loop++)
        {
            string mark = $"\"loop{loop}\"";
            long[] durations = [.. stream.Text.Split('\n').Where(line => line.Contains(mark, StringComparison.Ordinal)).Select(line => long.Parse(line.Split(' ')[11], System.Globalization.CultureInfo.InvariantCulture))];
            Assert.Equal(Enumerable.Range(0, Lines).Select(i => (long)i), durations);
        }

        Assert.Equal(0, writer.Dropped);
    }

    [Fact]
    public void Write_AfterASleep_WakesTheWriter()
    {
        using var stream = new GatedStream();
        using var writer = new LogWriter(stream);
        var log = new LoopAccessLog(new BufferRing(256 * 1024), writer, isJson: false);
        for (int i = 0; i < 50; i++)
        {
            // Each waits until the one before is out, so the writer is on its way to sleep or asleep.
            Write(log, 0, i);
            int lines = i + 1;
            Assert.True(stream.WaitFor(text => text.Count(c => c == '\n') == lines), $"line {lines} never came");
        }
    }

    [Fact]
    public void Write_DestinationBlocks_LoopGoesOnAndDropsAreCounted()
    {
        using var stream = new GatedStream();
        stream.Gate.Reset();
        using var writer = new LogWriter(stream);
        var log = new LoopAccessLog(new BufferRing(128 * 1024), writer, isJson: false);
        const int Lines = 10_000;
        for (int i = 0; i < Lines; i++) Write(log, 0, i);
        Assert.True(writer.Dropped > 0);

        long kept = Lines - writer.Dropped;
        stream.Gate.Set();
        Assert.True(stream.WaitFor(text => text.Count(c => c == '\n') == kept));
    }

    [Fact]
    public void Write_DestinationBreaks_LinesAreCountedAndTheWriterLivesOn()
    {
        using var stream = new GatedStream { Fails = true };
        using var writer = new LogWriter(stream);
        var log = new LoopAccessLog(new BufferRing(128 * 1024), writer, isJson: false);
        Write(log, 0, 0);
        Assert.True(SpinWait.SpinUntil(() => writer.Failed == 1, TimeSpan.FromSeconds(10)));
        stream.Fails = false;
        Write(log, 0, 1);
        Assert.True(stream.WaitFor(text => text.Contains(" 1 - ", StringComparison.Ordinal)));
    }

    [Fact]
    public void Dispose_WithLinesWaiting_WritesThemFirst()
    {
        using var stream = new GatedStream();
        var writer = new LogWriter(stream);
        var log = new LoopAccessLog(new BufferRing(1024 * 1024), writer, isJson: true);
        for (int i = 0; i < 100; i++) Write(log, 0, i);
        writer.Dispose();
        Assert.Equal(100, stream.Text.Count(c => c == '\n'));
    }

    private static void Write(LoopAccessLog log, int loop, int number)
    {
        var record = new AccessLogRecord { DurationMilliseconds = number, UserAgent = loop == 0 ? "loop0"u8 : "loop1"u8 };
        log.Write(record);
    }
}
