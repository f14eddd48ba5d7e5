using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Weft.Config.Core;
using Weft.Native.Processes;

namespace Weft.Local.Pods;

/// <summary>
/// Asks a workload whether it is ready, from where a kubelet with Istio's probe rewrite would: inside the pod's network, past
/// the redirection, to the pod's own address. So a STRICT port can be probed without a certificate, as on a cluster.
/// </summary>
public sealed class Prober(PodNetwork network, Func<IReadOnlyList<string>, ChildProcess>? execute)
{
    /// <summary>Kubelet's own name; servers may know it.</summary>
    private const string UserAgent = "kube-probe/1.35";

    /// <summary>Answers longer than this are cut; only the status counts.</summary>
    private const int LongestAnswer = 16 * 1024;

    /// <summary>One probe, at most its timeout long. Never throws for what the workload does.</summary>
    /// <param name="probe">What to ask.</param>
    /// <param name="namedPort">Resolves a port name of the container.</param>
    /// <param name="cancellation">Ends it early.</param>
    public async Task<ProbeResult> AskAsync(Probe probe, Func<string, int?> namedPort, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(Math.Max(1, probe.TimeoutSeconds)));
        try
        {
            return probe switch
            {
                { HttpGet: { } http } => await HttpAsync(http, PortOf(http.Port, namedPort), limit.Token),
                { TcpSocket: { } tcp } => await TcpAsync(PortOf(tcp.Port, namedPort), limit.Token),
                { Exec: { } command } => await ExecAsync(command, limit.Token),
                { Grpc: { } grpc } => await TcpAsync(grpc.Port, limit.Token),
                _ => new ProbeResult(true, string.Empty),
            };
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new ProbeResult(false, $"no answer within {probe.TimeoutSeconds} s");
        }
        catch (Exception exception) when (exception is SocketException or IOException or InvalidOperationException)
        {
            return new ProbeResult(false, exception.Message);
        }
    }

    /// <summary>One GET in the pod's network; gives status and the beginning of the body.</summary>
    public async Task<(int Status, string Body)> GetAsync(IPAddress address, int port, string path, IEnumerable<KeyValuePair<string, string>> headers, CancellationToken cancellation)
    {
        using Socket socket = network.OpenProbe();
        await socket.ConnectAsync(new IPEndPoint(address, port), cancellation);
        StringBuilder request = new();
        request.Append("GET ").Append(path).Append(" HTTP/1.1\r\n");
        List<KeyValuePair<string, string>> all = [.. headers];
        if (!all.Exists(header => header.Key.Equals("host", StringComparison.OrdinalIgnoreCase)))
        {
            all.Add(new("Host", $"{address}:{port}"));
        }

        if (!all.Exists(header => header.Key.Equals("user-agent", StringComparison.OrdinalIgnoreCase)))
        {
            all.Add(new("User-Agent", UserAgent));
        }

        foreach ((string name, string value) in all)
        {
            request.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        request.Append("Connection: close\r\n\r\n");
        await socket.SendAsync(Encoding.ASCII.GetBytes(request.ToString()), cancellation);
        byte[] answer = new byte[LongestAnswer];
        int length = 0;
        while (length < answer.Length)
        {
            int read = await socket.ReceiveAsync(answer.AsMemory(length), cancellation);
            if (read == 0)
            {
                break;
            }

            length += read;
        }

        return Parse(Encoding.ASCII.GetString(answer, 0, length));
    }

    private async Task<ProbeResult> HttpAsync(HttpGetAction action, int port, CancellationToken cancellation)
    {
        if (action.Scheme.Equals("HTTPS", StringComparison.OrdinalIgnoreCase))
        {
            // The kubelet would not verify the certificate either; that the port accepts is what can be said without a handshake.
            return await TcpAsync(port, cancellation);
        }

        string path = action.Path.StartsWith('/') ? action.Path : "/" + action.Path;
        (int status, _) = await GetAsync(network.Address, port, path, action.HttpHeaders, cancellation);
        return status is >= 200 and < 400 ? new ProbeResult(true, string.Empty) : new ProbeResult(false, $"GET {path} on port {port} answered {status}");
    }

    private async Task<ProbeResult> TcpAsync(int port, CancellationToken cancellation)
    {
        using Socket socket = network.OpenProbe();
        await socket.ConnectAsync(new IPEndPoint(network.Address, port), cancellation);
        return new ProbeResult(true, string.Empty);
    }

    private async Task<ProbeResult> ExecAsync(IReadOnlyList<string> command, CancellationToken cancellation)
    {
        if (execute is null)
        {
            return new ProbeResult(false, "there is no workload to run it beside");
        }

        ChildProcess process = execute(command);
        try
        {
            int exit = await process.Exited.WaitAsync(cancellation);
            return exit == 0 ? new ProbeResult(true, string.Empty) : new ProbeResult(false, $"{string.Join(' ', command)} exited with {exit}");
        }
        catch (OperationCanceledException)
        {
            process.Signal(Signals.Kill);
            throw;
        }
    }

    private static int PortOf(IntOrString port, Func<string, int?> namedPort) => port.IsNumber
        ? port.Number
        : namedPort(port.Text!) ?? throw new InvalidOperationException($"the container has no port named {port.Text}");

    private static (int Status, string Body) Parse(string answer)
    {
        int lineEnd = answer.IndexOf("\r\n", StringComparison.Ordinal);
        string[] words = (lineEnd < 0 ? answer : answer[..lineEnd]).Split(' ', 3);
        int headEnd = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return words.Length >= 2 && words[0].StartsWith("HTTP/", StringComparison.Ordinal) && int.TryParse(words[1], out int status)
            ? (status, headEnd < 0 ? string.Empty : answer[(headEnd + 4)..])
            : throw new HttpRequestException("the answer is not HTTP");
    }
}
