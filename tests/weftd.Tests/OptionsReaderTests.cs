using System.Net;
using Weft.Config.Security;

namespace Weft.ControlHost.Tests;

public sealed class OptionsReaderTests
{
    [Fact]
    public void Flags_OfTheContract_AreRead()
    {
        WeftdOptions? options = OptionsReader.TryRead(
            [
                "--source", "unix:/run/api.sock", "--state=/s", "--plaintext", "127.0.0.1:15010", "--secure", "10.244.0.1:15012", "--debug-socket", "/d", "--metrics=none",
                "--trust-domain", "td", "--default-mtls", "strict", "--root-namespace", "root", "--access-log", "/dev/stdout", "--dns-name", "a", "--dns-name", "b",
            ],
            out string error);

        Assert.Equal("", error);
        Assert.NotNull(options);
        Assert.Equal(("unix:/run/api.sock", "/s", "/d", "td", "root", "/dev/stdout"), (options.Source, options.StateDirectory, options.DebugSocket, options.TrustDomain, options.RootNamespace, options.AccessLog));
        Assert.Equal(new IPEndPoint(IPAddress.Parse("10.244.0.1"), 15012), options.Secure);
        Assert.Null(options.Metrics);
        Assert.Equal(MutualTlsMode.Strict, options.DefaultMutualTls);
        Assert.Equal(["a", "b"], options.DnsNames);
    }

    [Theory]
    [InlineData("--nonsense", "1", "--nonsense")]
    [InlineData("--secure", "15012", "ADDRESS:PORT")]
    [InlineData("--default-mtls", "MAYBE", "STRICT or PERMISSIVE")]
    public void Flags_Wrong_AreNamed(string flag, string value, string what)
    {
        Assert.Null(OptionsReader.TryRead([flag, value], out string error));
        Assert.Contains(what, error, System.StringComparison.Ordinal);
    }

    [Fact]
    public void Flags_WithoutValue_AreNamed()
    {
        Assert.Null(OptionsReader.TryRead(["--state"], out string error));
        Assert.Contains("--state needs a value", error, System.StringComparison.Ordinal);
    }
}
