using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;

namespace Weft.Local.Tests;

/// <summary>
/// A real machine (namespaces, walls, redirection, kubelet) around stand-ins for weftd and weft-proxy: scripts that do as little
/// as the kubelet needs. What weft-proxy itself refuses is tested with it, in Weft.EndToEnd.Tests.
/// </summary>
public sealed class StandInMesh : IAsyncLifetime
{
    private const string Manifest =
        """
        apiVersion: v1
        kind: Namespace
        metadata: {name: grid}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: grid}
        spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: grid}
        spec:
          replicas: 2
          selector: {matchLabels: {app: web}}
          template:
            metadata:
              labels: {app: web, version: v1}
              annotations: {weft.dev/command: "/usr/bin/python3 -m http.server 8080 --directory /etc"}
            spec:
              terminationGracePeriodSeconds: 3
              containers:
              - name: web
                env: [{name: WHO, value: "$(POD_NAME)"}]
                readinessProbe: {httpGet: {path: /hostname, port: 8080}, periodSeconds: 1}
        """;

    /// <summary>Answers on what it inherited and says where each connection wanted to go.</summary>
    private const string Proxy =
        """
        #!/usr/bin/python3
        import http.server, socket, sys, threading
        args = sys.argv[1:]
        def given(name): return args[args.index(name) + 1]
        assert open(given('--token-file')).read().count('.') == 2
        def answer(fd, name):
            listener = socket.socket(fileno=fd)
            while True:
                peer, _ = listener.accept()
                d = peer.getsockopt(0, 80, 16)
                peer.sendall(('HTTP/1.0 200 OK\r\n\r\n%s %s:%d' % (name, socket.inet_ntoa(d[4:8]), int.from_bytes(d[2:4], 'big'))).encode())
                peer.close()
        for name in ('outbound', 'inbound'):
            threading.Thread(target=answer, args=(int(given('--%s-fd' % name)), name), daemon=True).start()
        class Ready(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200); self.end_headers()
        http.server.ThreadingHTTPServer(('0.0.0.0', 15021), Ready).serve_forever()
        """;

    private const string Weftd =
        """
        #!/bin/sh
        while [ $# -gt 0 ]; do [ "$1" = --state ] && state=$2; shift; done
        mkdir -p "$state/ca"
        printf -- '-----BEGIN CERTIFICATE-----\nstand-in\n-----END CERTIFICATE-----\n' > "$state/ca/root-cert.pem"
        exec sleep infinity
        """;

    private readonly string _home = Directory.CreateTempSubdirectory("weft-local-").FullName;
    private Process? _up;

    /// <summary>Why nothing can run here, or null.</summary>
    public string? Obstacle { get; private set; }

    /// <summary>The manifests.</summary>
    public string Manifests => Path.Combine(_home, "mesh");

    public string RunDirectory => Path.Combine(_home, "run", $"weft-{Native.Processes.HostUser.Id}");

    public string StateDirectory => Path.Combine(_home, "state", "weft");

    public int LauncherId => _up!.Id;

    public async ValueTask InitializeAsync()
    {
        Obstacle = !File.Exists("/usr/bin/python3") ? "the stand-ins need /usr/bin/python3" : await NamespacesAsync();
        if (Obstacle is null)
        {
            Write("mesh/mesh.yaml", Manifest, isProgram: false);
            Write("bin/weft-proxy", Proxy, isProgram: true);
            Write("bin/weftd", Weftd, isProgram: true);
            Directory.CreateDirectory(Path.Combine(_home, "run"));
            File.SetUnixFileMode(_home, File.GetUnixFileMode(_home) | UnixFileMode.OtherExecute | UnixFileMode.OtherRead);
            await UpAsync();
        }
    }

    /// <summary>Starts it in the foreground and waits until it is ready.</summary>
    public async Task UpAsync()
    {
        _up = Start(["up", Manifests, "--door", "80=0", "--door", "443=0"]);
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(60));
        List<string> said = [];
        while (await _up.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            said.Add(line);
            if (line.StartsWith("ready after", StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail("it did not become ready: " + string.Join('\n', said) + await _up.StandardError.ReadToEndAsync(limit.Token));
    }

    /// <summary>Runs a weft command to its end.</summary>
    public async Task<(int Exit, string Output, string Error)> WeftAsync(params string[] words)
    {
        using Process process = Start(words);
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(40));
        Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
        Task<string> error = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output, await error);
    }

    /// <summary>Runs a shell script behind the walls of web.</summary>
    public Task<(int Exit, string Output, string Error)> InsideAsync(string script) => WeftAsync("exec", "web.grid", "--", "sh", "-c", script);

    /// <summary>The pods of grid, from the store's API.</summary>
    public async Task<IReadOnlyList<JsonElement>> PodsAsync()
    {
        using System.Net.Http.HttpClient client = UnixHttp.Client(Path.Combine(Directory.GetDirectories(RunDirectory).Single(), "api.sock"), TimeSpan.FromSeconds(5));
        using JsonDocument list = JsonDocument.Parse(await client.GetStringAsync(new Uri("api/v1/namespaces/grid/pods", UriKind.Relative)));
        return [.. list.RootElement.GetProperty("items").EnumerateArray().Select(item => item.Clone())];
    }

    /// <summary>Asks again until it holds; fails after half a minute.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        while (!await holds())
        {
            Assert.False(limit.IsCancellationRequested, "still not: " + what);
            await Task.Delay(50, CancellationToken.None);
        }
    }

    /// <summary>Processes on this machine that are this mesh's: they have its folder among their words, or a child of it.</summary>
    public IReadOnlyList<string> Processes() =>
    [
        .. Directory.GetDirectories("/proc").Where(entry => int.TryParse(Path.GetFileName(entry), out int id) && id != Environment.ProcessId)
            .Select(CommandLine)
            .Where(line => line.Contains(_home, StringComparison.Ordinal) || line.Contains("http.server 8080 --directory /etc", StringComparison.Ordinal)),
    ];

    /// <summary>Waits until nothing of it is left but state.</summary>
    public Task NothingLeftAsync() => UntilAsync(() => Task.FromResult(Processes().Count == 0 && !Directory.Exists(RunDirectory)), "gone: " + string.Join(" | ", Processes()));

    public async ValueTask DisposeAsync()
    {
        if (_up is { HasExited: false })
        {
            using Process interrupt = Process.Start("kill", ["-INT", _up.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            await interrupt.WaitForExitAsync();
            await _up.WaitForExitAsync();
        }

        _up?.Dispose();
        Directory.Delete(_home, recursive: true);
    }

    private Process Start(string[] words)
    {
        ProcessStartInfo start = new(Path.Combine(AppContext.BaseDirectory, "weft"), words) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["WEFT_BIN"] = Path.Combine(_home, "bin");
        start.Environment["XDG_STATE_HOME"] = Path.Combine(_home, "state");
        start.Environment["XDG_RUNTIME_DIR"] = Path.Combine(_home, "run");
        Process process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    private async Task<string?> NamespacesAsync()
    {
        (_, string output, _) = await WeftAsync("x", "precheck", "-o", "json");
        using JsonDocument report = JsonDocument.Parse(output);
        return report.RootElement.GetProperty("ok").GetBoolean() ? null : "this machine cannot run weft up: " + string.Join("; ",
            report.RootElement.GetProperty("checks").EnumerateArray().Where(check => check.GetProperty("verdict").GetString() == "missing").Select(check => check.GetProperty("name").GetString() + ": " + check.GetProperty("finding").GetString()));
    }

    private void Write(string name, string content, bool isProgram)
    {
        string path = Path.Combine(_home, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        File.SetUnixFileMode(path, (UnixFileMode)(isProgram ? 0b111_101_101 : 0b110_100_100));
    }

    private static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return string.Empty;
        }
    }
}
