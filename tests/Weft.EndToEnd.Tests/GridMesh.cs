using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text.Json;
using System.Threading.Tasks;

namespace Weft.EndToEnd.Tests;

/// <summary>The sample grid, up once for all tests of the collection, in a folder of its own that tests may edit.</summary>
public sealed class GridMesh : IAsyncLifetime
{
    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("weft-e2e-").FullName;

    public int HttpDoor { get; } = FreePort();

    public HttpClient Browser { get; } = new() { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>Why the mesh cannot run here, or null: tests skip with it.</summary>
    public string? Obstacle { get; private set; }

    public async ValueTask InitializeAsync()
    {
        File.SetUnixFileMode(Directory, (UnixFileMode)0b111_101_101);
        foreach (string file in System.IO.Directory.EnumerateFiles(Path.Combine(Checkout.Root, "samples", "grid"), "*.yaml"))
        {
            File.Copy(file, Path.Combine(Directory, Path.GetFileName(file)));
        }

        Outcome check = await Shell.RunAsync(Checkout.Weft, ["x", "precheck"]);
        if (check.Code != 0)
        {
            Obstacle = $"this machine cannot run `weft up`: {check.Output}{check.Error}";
            return;
        }

        Outcome up = await WeftAsync(["up", Directory, "--detach", "--door", $"80={HttpDoor}", "--door", $"443={FreePort()}"], seconds: 120);
        up.Expect();
        Browser.BaseAddress = new($"http://127.0.0.1:{HttpDoor}");
    }

    public async ValueTask DisposeAsync()
    {
        if (Obstacle is null)
        {
            await Shell.RunAsync(Checkout.Weft, ["down", Directory, "--purge"], seconds: 60);
        }

        Browser.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    internal Task<Outcome> WeftAsync(IEnumerable<string> arguments, string? input = null, int seconds = 60) => Shell.RunAsync(Checkout.Weft, arguments, input, seconds);

    /// <summary>A command of this mesh: <paramref name="arguments"/> with <c>--mesh</c> behind the verb.</summary>
    internal Task<Outcome> AskAsync(string verb, params IEnumerable<string> arguments) => WeftAsync([verb, "--mesh", Directory, .. arguments]);

    internal async Task<JsonElement> AskJsonAsync(string verb, params IEnumerable<string> arguments)
    {
        Outcome outcome = await AskAsync(verb, [.. arguments, "-o", "json"]);
        return JsonDocument.Parse(outcome.Expect()).RootElement;
    }

    /// <summary>Runs a command as the workload of a pod does.</summary>
    internal Task<Outcome> ExecAsync(string pod, params IEnumerable<string> command) => WeftAsync(["exec", "--mesh", Directory, pod, "--", .. command], seconds: 120);

    /// <summary>Who served each of <paramref name="count"/> requests from a pod: the x-served-by header, or the status where there is none.</summary>
    internal async Task<string[]> ServedByAsync(string pod, string url, int count, params string[] headers)
    {
        char joint = url.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        Outcome outcome = await ExecAsync(pod,
            ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code} %header{x-served-by}\\n", .. headers.SelectMany(header => new[] { "-H", header }), $"{url}{joint}n=[1-{count}]"]);
        return [.. outcome.Expect().Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    /// <summary>Changes a manifest as an editor does (new file, renamed over the old), and returns when every proxy has acknowledged it.</summary>
    internal async Task<TimeSpan> EditAsync(string file, Func<string, string> change)
    {
        string path = Path.Combine(Directory, file), fresh = path + ".new~";
        await File.WriteAllTextAsync(fresh, change(await File.ReadAllTextAsync(path)));
        long begun = Stopwatch.GetTimestamp();
        File.Move(fresh, path, overwrite: true);
        (await AskAsync("wait")).Expect();
        return Stopwatch.GetElapsedTime(begun);
    }

    /// <summary>Puts a manifest back as the sample has it.</summary>
    internal Task RestoreAsync(string file) => EditAsync(file, _ => File.ReadAllText(Path.Combine(Checkout.Root, "samples", "grid", file)));

    /// <summary>The access log of a pod's proxy: one JSON object a request, those with <paramref name="marker"/> in the line.</summary>
    internal async Task<JsonElement[]> AccessLogAsync(string pod, string marker)
    {
        Outcome logs = await AskAsync("logs", pod, "-c", "istio-proxy");
        return [.. logs.Expect().Split('\n').Where(line => line.StartsWith('{') && line.Contains(marker, StringComparison.Ordinal)).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    private static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}

[CollectionDefinition(nameof(GridMesh))]
public sealed class GridMeshDefinition : ICollectionFixture<GridMesh>;
