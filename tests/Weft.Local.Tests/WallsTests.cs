using System;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;

namespace Weft.Local.Tests;

/// <summary>From inside a workload: what the criterion 6 says must fail, and what must work.</summary>
public sealed class WallsTests(StandInMesh mesh) : IClassFixture<StandInMesh>
{
    private const string Python = "/usr/bin/python3 -c ";

    private async Task<(int Exit, string Output, string Error)> InsideAsync(string script)
    {
        Assert.SkipWhen(mesh.Obstacle is not null, mesh.Obstacle ?? string.Empty);
        return await mesh.InsideAsync(script);
    }

    [Fact]
    public async Task Workload_FlushingTheRules_IsRefusedAndTheyStillHold()
    {
        (int exit, _, string error) = await InsideAsync("/usr/sbin/iptables -t nat -F");
        Assert.NotEqual(0, exit);
        Assert.Contains("Permission denied", error, StringComparison.OrdinalIgnoreCase);

        // A user namespace of its own makes it root of nothing here.
        Assert.NotEqual(0, (await InsideAsync("unshare -Ur /usr/sbin/iptables -t nat -F")).Exit);

        (_, string answer, _) = await InsideAsync(Python + "\"import socket; s = socket.create_connection(('10.99.1.1', 7)); print(s.recv(99))\"");
        Assert.Contains("outbound 10.99.1.1:7", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Workload_SettingTheMark_IsRefused()
    {
        (_, string output, _) = await InsideAsync(Python + "\"import socket\ntry:\n socket.socket().setsockopt(1, 36, 1337); print('set')\nexcept PermissionError: print('refused')\"");
        Assert.Equal("refused", output.Trim());

        (_, output, _) = await InsideAsync("unshare -Ur " + Python + "\"import socket\ntry:\n socket.socket().setsockopt(1, 36, 1337); print('set')\nexcept PermissionError: print('refused')\"");
        Assert.Equal("refused", output.Trim());
    }

    [Fact]
    public async Task Workload_LookingForTheProxy_SeesOnlyItself()
    {
        (_, string output, _) = await InsideAsync("cat /proc/[0-9]*/cmdline | tr '\\0' ' '; ls /proc/1/root/run");

        Assert.DoesNotContain("weft-proxy", output, StringComparison.Ordinal);
        Assert.DoesNotContain("--token-file", output, StringComparison.Ordinal);
        Assert.Contains("http.server", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Workload_ReadingTheProxysMemory_IsRefusedEvenWhenItCouldNameIt()
    {
        // Process 1 of the machine's side cannot be named from here at all; the nearest foreign memory is refused by the kernel.
        (_, string output, _) = await InsideAsync("mount -t proc proc /tmp 2>&1; unshare -Urm mount -t proc proc /proc 2>&1; for id in $(seq 1 400); do [ -r /proc/$id/mem ] && tr '\\0' ' ' < /proc/$id/cmdline; done");

        Assert.DoesNotContain("weft-proxy", output, StringComparison.Ordinal);
        Assert.DoesNotContain("weftd", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Workload_LookingForTokens_FindsItsOwnOnly()
    {
        (_, string output, _) = await InsideAsync("find / -xdev -name token -type f 2>/dev/null; find /run /tmp /var/tmp -name token -type f 2>/dev/null; echo --; cat /run/secrets/kubernetes.io/serviceaccount/token");
        string[] parts = output.Split("--\n");
        JsonElement claims = JsonDocument.Parse(Base64(parts[1].Split('.')[1])).RootElement;

        Assert.All(parts[0].Split('\n', StringSplitOptions.RemoveEmptyEntries), path => Assert.Equal("/run/secrets/kubernetes.io/serviceaccount/token", path));
        Assert.Equal("system:serviceaccount:grid:default", claims.GetProperty("sub").GetString());
        // Not good for a certificate: that audience only the proxy's token has.
        Assert.DoesNotContain("istio-ca", claims.GetProperty("aud").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Workload_LookingForSocketsAndState_FindsNone()
    {
        (_, string output, _) = await InsideAsync($"find / -name '*.sock' 2>/dev/null | grep -v '^/proc'; ls {mesh.RunDirectory} {mesh.StateDirectory} 2>&1; find / -name 'root-key.pem' 2>/dev/null");

        Assert.DoesNotContain("machine.sock", output, StringComparison.Ordinal);
        Assert.DoesNotContain("api.sock", output, StringComparison.Ordinal);
        Assert.DoesNotContain("root-key", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Workload_UncoveringWhatIsHidden_IsRefused()
    {
        Assert.NotEqual(0, (await InsideAsync("umount /run")).Exit);
        Assert.NotEqual(0, (await InsideAsync("unshare -Urm umount /run")).Exit);
        Assert.NotEqual(0, (await InsideAsync("unshare -Urm mount -o remount,rw /")).Exit);
        Assert.NotEqual(0, (await InsideAsync("echo 1 > /proc/sys/net/ipv4/ip_forward")).Exit);
        Assert.NotEqual(0, (await InsideAsync($"touch {mesh.Manifests}/new.yaml")).Exit);
    }

    [Fact]
    public async Task Workload_Itself_HasNoCapabilityNoStrayDescriptorAndItsOwnNames()
    {
        (_, string output, _) = await InsideAsync("id -u; hostname; grep CapEff /proc/self/status; grep NoNewPrivs /proc/self/status; ls /proc/self/fd | tr '\\n' ' '; echo; cat /etc/resolv.conf; echo $WHO");
        string[] lines = output.Split('\n');

        Assert.Equal("1000", lines[0]);
        Assert.StartsWith("web-", lines[1], StringComparison.Ordinal);
        Assert.Equal("0000000000000000", lines[2].Split('\t')[1]);
        Assert.Equal("1", lines[3].Split('\t')[1]);
        Assert.Equal("0 1 2 3", lines[4].Trim());
        Assert.Contains("nameserver 10.244.0.1", output, StringComparison.Ordinal);
        Assert.Contains(lines[1], lines[^2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exec_ExitCodeAndUnknownPod_AreHonest()
    {
        Assert.Equal(7, (await InsideAsync("exit 7")).Exit);
        (int exit, _, string error) = await mesh.WeftAsync("exec", "nobody.grid", "--", "true");
        Assert.Equal(125, exit);
        Assert.Contains("web.grid", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithAndWithoutSidecar_HasIdentityNamesAndExitCode()
    {
        Assert.SkipWhen(mesh.Obstacle is not null, mesh.Obstacle ?? string.Empty);
        (int exit, string output, _) = await mesh.WeftAsync("run", "-n", "grid", "--service-account", "clerk", "--", "sh", "-c", "cut -d. -f2 /run/secrets/kubernetes.io/serviceaccount/token; exit 5");
        Assert.Equal(5, exit);
        Assert.Contains("system:serviceaccount:grid:clerk", Encoding.UTF8.GetString(Base64(output.Trim())), StringComparison.Ordinal);

        // Another test may just have ended the service's only process; it is an endpoint again when it is ready.
        await StandInMesh.UntilAsync(
            async () =>
            {
                (exit, output, _) = await mesh.WeftAsync("run", "--no-sidecar", "-n", "grid", "--", "/usr/bin/python3", "-c", "import urllib.request as r; print(r.urlopen('http://web/hostname', timeout=5).read().decode())");
                return exit == 0;
            },
            "an answer by name and service address");
        // By name and service address, in plaintext: the stand-in of the server's sidecar answers with where it was going.
        Assert.StartsWith("inbound 10.244.", output, StringComparison.Ordinal);
        Assert.EndsWith(":8080", output.Trim(), StringComparison.Ordinal);

        (exit, _, string error) = await mesh.WeftAsync("run", "--", "no-such-program");
        Assert.Equal(125, exit);
        Assert.Contains("no-such-program is not on the PATH", error, StringComparison.Ordinal);
    }

    private static byte[] Base64(string text) => System.Buffers.Text.Base64Url.DecodeFromChars(text);
}
