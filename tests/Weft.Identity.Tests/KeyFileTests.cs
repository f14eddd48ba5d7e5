using System;
using System.IO;

namespace Weft.Identity.Tests;

/// <summary>T86: a key that others may read or swap is not used.</summary>
public sealed class KeyFileTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 1, 0, 0, TimeSpan.Zero);
    private readonly string _folder = Directory.CreateTempSubdirectory("weft-identity-").FullName;

    private CaOptions Options { get; } = new() { TrustDomain = "cluster.local" };

    private string KeyPath => Path.Combine(_folder, "root-key.pem");

    [Fact]
    public void LoadOrCreate_FirstTime_MakesAKeyThatOnlyItsOwnerMayReadAndKeepsItAfterwards()
    {
        using var first = CertificateAuthority.LoadOrCreate(_folder, Options, Now);
        using var second = CertificateAuthority.LoadOrCreate(_folder, Options, Now.AddDays(1));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyPath));
        Assert.Equal(first.RootPem, second.RootPem);
        Assert.Equal(2, Directory.GetFiles(_folder).Length);
        Assert.Equal(3650, (int)Math.Round((first.RootNotAfter.ToUniversalTime() - Now).TotalDays));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    public void T86_LoadOrCreate_KeyThatOthersMayUse_IsRefusedAndTheMessageSaysWhatToDo(UnixFileMode more)
    {
        CertificateAuthority.LoadOrCreate(_folder, Options, Now).Dispose();
        File.SetUnixFileMode(KeyPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | more);

        var e = Assert.Throws<InsecureKeyFileException>(() => CertificateAuthority.LoadOrCreate(_folder, Options, Now));

        Assert.Contains($"chmod 600 {KeyPath}", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void T86_LoadOrCreate_KeyThatIsALink_IsRefused()
    {
        CertificateAuthority.LoadOrCreate(_folder, Options, Now).Dispose();
        var elsewhere = Path.Combine(_folder, "elsewhere.pem");
        File.Move(KeyPath, elsewhere);
        File.CreateSymbolicLink(KeyPath, elsewhere);

        Assert.Throws<InsecureKeyFileException>(() => CertificateAuthority.LoadOrCreate(_folder, Options, Now));
    }

    [Fact]
    public void T86_LoadOrCreate_DanglingLinkForAKey_IsRefusedAndNotWrittenThrough()
    {
        var elsewhere = Path.Combine(_folder, "elsewhere.pem");
        File.CreateSymbolicLink(KeyPath, elsewhere);

        Assert.Throws<InsecureKeyFileException>(() => CertificateAuthority.LoadOrCreate(_folder, Options, Now));
        Assert.False(File.Exists(elsewhere));
    }

    [Fact]
    public void LoadOrCreate_CertificateOfAnotherKey_IsRefused()
    {
        CertificateAuthority.LoadOrCreate(_folder, Options, Now).Dispose();
        using var other = CertificateAuthority.CreateEphemeral(Options, Now);
        File.WriteAllText(Path.Combine(_folder, "root-cert.pem"), other.RootPem);

        Assert.Throws<InvalidDataException>(() => CertificateAuthority.LoadOrCreate(_folder, Options, Now));
    }

    [Fact]
    public void LoadOrCreate_CrashedBetweenCertificateAndKey_MakesBothAnew()
    {
        File.WriteAllText(Path.Combine(_folder, "root-cert.pem"), "left over");

        using var ca = CertificateAuthority.LoadOrCreate(_folder, Options, Now);

        Assert.Contains("BEGIN CERTIFICATE", File.ReadAllText(Path.Combine(_folder, "root-cert.pem")), StringComparison.Ordinal);
    }

    [Fact]
    public void CreatePem_WhereSomethingIs_OverwritesNothing()
    {
        File.WriteAllText(KeyPath, "mine");

        Assert.ThrowsAny<IOException>(() => KeyFile.CreatePem(KeyPath, "yours"));
        Assert.Equal("mine", File.ReadAllText(KeyPath));
        Assert.Single(Directory.GetFiles(_folder));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
