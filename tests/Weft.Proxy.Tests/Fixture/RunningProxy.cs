using System;
using System.Collections.Concurrent;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Weft.Proxy.Bootstrap;
using Weft.Proxy.Lifecycle;
using Weft.Testing;

namespace Weft.Proxy.Tests.Fixture;

/// <summary>A whole proxy in this process, on real loops and loopback sockets, with a configuration made by the test and no control plane.</summary>
internal sealed class RunningProxy : IAsyncDisposable
{
    private readonly LineStream _lines = new();

    private RunningProxy(ProxyHost host) => Host = host;

    public ProxyHost Host { get; }

    /// <summary>The access log so far.</summary>
    public ConcurrentQueue<string> Log => _lines.Lines;

    public static RunningProxy Start(ConfigSet? config, int concurrency = 1, Func<ProxyOptions, ProxyOptions>? change = null, bool withIdentity = false)
    {
        var options = new ProxyOptions
        {
            Role = ProxyRole.Router,
            Pod = "test-1",
            Namespace = "grid",
            ServiceAccount = "test",
            Owner = "test",
            Concurrency = concurrency,
            AdminAddress = new IPEndPoint(IPAddress.Loopback, 0),
            StatusPort = 0,
            MetricsPort = 0,
            DnsPort = 0,
            DrainSeconds = 5,
            DetectionTimeoutMilliseconds = 200,
        };
        if (change is not null) options = change(options);
        var lines = new LineStream();
        var running = new RunningProxy(new ProxyHost(options, lines, line => lines.Own.Enqueue(line)), lines);
        running.Host.Start();
        if (!withIdentity) running.Host.RunWithoutIdentity();
        if (config is not null) running.Host.Publish(config.Build(), "digest-1");
        return running;
    }

    private RunningProxy(ProxyHost host, LineStream lines)
        : this(host) => _lines = lines;

    /// <summary>Messages of the process's own log.</summary>
    public ConcurrentQueue<string> OwnLog => _lines.Own;

    /// <summary>A port nobody has at the moment.</summary>
    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>The next log line that satisfies; waits for it.</summary>
    public JsonElement LogLine(Func<JsonElement, bool>? wanted = null)
    {
        var found = default(JsonElement);
        Wait.Until(
            () =>
            {
                foreach (string line in Log)
                {
                    var json = JsonDocument.Parse(line).RootElement;
                    if (wanted is not null && !wanted(json)) continue;
                    found = json;
                    return true;
                }
                return false;
            },
            () => "no such log line among:\n" + string.Join("", Log));
        return found;
    }

    /// <summary>Sum of all series of a metric whose labels contain every given text.</summary>
    public double Metric(string name, params string[] labels)
    {
        var text = new System.Buffers.ArrayBufferWriter<byte>();
        Telemetry.Metrics.PrometheusText.Write(Host.Process.Registry, text);
        double sum = 0;
        foreach (string line in Encoding.UTF8.GetString(text.WrittenSpan).Split('\n'))
        {
            if (!line.StartsWith(name, StringComparison.Ordinal) || (line[name.Length] is not (' ' or '{')) || !labels.All(l => line.Contains(l, StringComparison.Ordinal))) continue;
            sum += double.Parse(line.AsSpan(line.LastIndexOf(' ') + 1), System.Globalization.CultureInfo.InvariantCulture);
        }
        return sum;
    }

    public async ValueTask DisposeAsync() => await Host.DisposeAsync();

    /// <summary>Collects what is written, line by line.</summary>
    private sealed class LineStream : Stream
    {
        private readonly StringBuilder _rest = new();

        public ConcurrentQueue<string> Lines { get; } = new();
        public ConcurrentQueue<string> Own { get; } = new();
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Write(byte[] buffer, int offset, int count)
        {
            foreach (char c in Encoding.UTF8.GetString(buffer, offset, count))
            {
                _rest.Append(c);
                if (c != '\n') continue;
                Lines.Enqueue(_rest.ToString());
                _rest.Clear();
            }
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
