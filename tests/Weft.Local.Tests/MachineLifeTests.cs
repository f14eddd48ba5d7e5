using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;

namespace Weft.Local.Tests;

/// <summary>How a machine lives and ends. Each test has its own: they end it.</summary>
public sealed class MachineLifeTests : IAsyncLifetime
{
    private readonly StandInMesh _mesh = new();

    public async ValueTask InitializeAsync() => await _mesh.InitializeAsync();

    public ValueTask DisposeAsync() => _mesh.DisposeAsync();

    private StandInMesh Mesh()
    {
        Assert.SkipWhen(_mesh.Obstacle is not null, _mesh.Obstacle ?? string.Empty);
        return _mesh;
    }

    [Fact]
    public async Task LauncherKilled_LeavesNothingButState()
    {
        StandInMesh mesh = Mesh();
        Assert.NotEmpty(mesh.Processes());

        await SignalAsync(mesh.LauncherId, "-KILL");

        await mesh.NothingLeftAsync();
        Assert.True(Directory.Exists(mesh.StateDirectory));
    }

    [Fact]
    public async Task Interrupted_LeavesNothingButStateAndPurgeTakesThat()
    {
        StandInMesh mesh = Mesh();
        await SignalAsync(mesh.LauncherId, "-INT");
        await mesh.NothingLeftAsync();

        (int exit, _, _) = await mesh.WeftAsync("down", mesh.Manifests, "--purge");

        Assert.Equal(0, exit);
        Assert.Empty(Directory.GetDirectories(mesh.StateDirectory));
    }

    [Fact]
    public async Task MachineKilled_LeavesNothingAndSecondUpWorks()
    {
        StandInMesh mesh = Mesh();
        int machine = Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(id => int.TryParse(id, out _)).Select(id => int.Parse(id!, CultureInfo.InvariantCulture))
            .First(id => File.Exists($"/proc/{id}/cmdline") && File.ReadAllText($"/proc/{id}/cmdline") is var words && words.Contains("\0machine\0", StringComparison.Ordinal) && words.Contains(mesh.Manifests, StringComparison.Ordinal) && !words.Contains("unshare", StringComparison.Ordinal));
        await SignalAsync(machine, "-KILL");
        await mesh.NothingLeftAsync();

        await mesh.UpAsync();

        Assert.Equal(2, (await mesh.PodsAsync()).Count);
    }

    [Fact]
    public async Task UpTwice_SecondOneSaysSo()
    {
        StandInMesh mesh = Mesh();
        (int exit, _, string error) = await mesh.WeftAsync("up", mesh.Manifests);

        Assert.Equal(1, exit);
        Assert.Contains("is up already", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ManifestEdited_ReplicasAndTemplateFollow()
    {
        StandInMesh mesh = Mesh();
        string file = Path.Combine(mesh.Manifests, "mesh.yaml");
        string[] before = [.. (await mesh.PodsAsync()).Select(Name)];

        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace("replicas: 2", "replicas: 1", StringComparison.Ordinal));
        await StandInMesh.UntilAsync(async () => (await mesh.PodsAsync()).Count == 1, "one pod");

        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace("version: v1", "version: v2", StringComparison.Ordinal));
        await StandInMesh.UntilAsync(async () => await mesh.PodsAsync() is [var pod] && !before.Contains(Name(pod)) && IsReady(pod), "one new pod, ready");
    }

    [Fact]
    public async Task WorkloadCrashed_IsStartedAgain()
    {
        StandInMesh mesh = Mesh();
        await mesh.InsideAsync("/usr/bin/python3 -c \"import os\nfor i in os.listdir('/proc'):\n if i.isdigit() and int(i) != os.getpid() and 'http.server\\0' in open('/proc/%s/cmdline' % i).read() and i != '1': os.kill(int(i), 9)\"");

        await StandInMesh.UntilAsync(async () => (await mesh.PodsAsync()).Any(pod => Restarts(pod) > 0 && IsReady(pod)), "restarted and ready");
    }

    private static string Name(JsonElement pod) => pod.GetProperty("metadata").GetProperty("name").GetString()!;

    private static bool IsReady(JsonElement pod) => pod.GetProperty("status").GetProperty("conditions").EnumerateArray()
        .Any(condition => condition.GetProperty("type").GetString() == "Ready" && condition.GetProperty("status").GetString() == "True");

    private static int Restarts(JsonElement pod) => pod.GetProperty("status").GetProperty("containerStatuses")[0].GetProperty("restartCount").GetInt32();

    private static async Task SignalAsync(int process, string signal)
    {
        using Process kill = Process.Start("kill", [signal, process.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }
}
