using System;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Weft.Identity.Tests;

public sealed class ServiceAccountTokenTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 1, 0, 0, TimeSpan.Zero);
    private static readonly ServiceAccountToken Web = new()
    {
        Issuer = "",
        Audiences = [ServiceAccountTokenIssuer.CaAudience],
        Namespace = "grid",
        ServiceAccount = "web",
        ServiceAccountUid = "sa-uid",
        PodName = "web-1",
        PodUid = "pod-uid",
        NodeName = "laptop",
        NodeUid = "node-uid",
    };

    private readonly ServiceAccountTokenIssuer _issuer = ServiceAccountTokenIssuer.Create();

    [Fact]
    public void Sign_Token_VerifiesAndSaysWhoWhereAndUntilWhen()
    {
        Assert.True(Verify(_issuer.Sign(Web, Now), out var claims, out var error), error);
        Assert.Equal(("grid", "web", "web-1", "pod-uid", "laptop"), (claims!.Namespace, claims.ServiceAccount, claims.PodName, claims.PodUid, claims.NodeName));
        Assert.Equal("system:serviceaccount:grid:web", claims.Subject);
        Assert.Equal(Now.AddHours(1), claims.Expires);
    }

    [Fact]
    public void Sign_Token_HasTheClaimsOfARealProjectedToken()
    {
        var body = JsonNode.Parse(Base64Url.DecodeFromChars(_issuer.Sign(Web, Now).Split('.')[1]))!;

        Assert.Equal("[\"istio-ca\"]", body["aud"]!.ToJsonString());
        Assert.Equal(ServiceAccountTokenIssuer.DefaultIssuer, body["iss"]!.GetValue<string>());
        Assert.Equal("pod-uid", body["kubernetes.io"]!["pod"]!["uid"]!.GetValue<string>());
        Assert.Equal("web", body["kubernetes.io"]!["serviceaccount"]!["name"]!.GetValue<string>());
        Assert.Equal("laptop", body["kubernetes.io"]!["node"]!["name"]!.GetValue<string>());
        Assert.True(Guid.TryParse(body["jti"]!.GetValue<string>(), out _));
    }

    [Fact]
    public void TryVerify_ForAnotherAudience_IsRefused() =>
        Assert.False(_issuer.Verifier.TryVerify(_issuer.Sign(Web with { Audiences = ["api"] }, Now), "istio-ca", Now, out _, out _));

    [Fact]
    public void TryVerify_Expired_IsRefusedAfterTheSkew()
    {
        var token = _issuer.Sign(Web, Now);

        Assert.True(_issuer.Verifier.TryVerify(token, "istio-ca", Now.AddHours(1).AddSeconds(29), out _, out _));
        Assert.False(_issuer.Verifier.TryVerify(token, "istio-ca", Now.AddHours(1).AddSeconds(30), out _, out _));
    }

    [Fact]
    public void TryVerify_FromTheFuture_IsRefused() =>
        Assert.False(_issuer.Verifier.TryVerify(_issuer.Sign(Web, Now.AddMinutes(5)), "istio-ca", Now, out _, out _));

    [Fact]
    public void TryVerify_LongerLivedThanADay_IsRefused() =>
        Assert.False(Verify(_issuer.Sign(Web with { Expires = Now.AddDays(2) }, Now), out _, out _));

    [Fact]
    public void TryVerify_SignedByAnother_IsRefused()
    {
        using var other = ServiceAccountTokenIssuer.Create();

        Assert.False(Verify(other.Sign(Web, Now), out _, out var error));
        Assert.Contains("another key", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("HS256")]
    [InlineData("es256")]
    public void TryVerify_OtherAlgorithm_IsRefusedWhateverTheSignature(string algorithm)
    {
        var parts = _issuer.Sign(Web, Now).Split('.');
        var header = Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(new { alg = algorithm, kid = _issuer.KeyId }));

        Assert.False(Verify($"{header}.{parts[1]}.{parts[2]}", out _, out _));
        Assert.False(Verify($"{header}.{parts[1]}.", out _, out _));
    }

    [Fact]
    public void TryVerify_ChangedClaims_AreRefused()
    {
        var parts = _issuer.Sign(Web, Now).Split('.');
        var body = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1])).Replace("\"web\"", "\"adm\"", StringComparison.Ordinal);

        Assert.False(Verify($"{parts[0]}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(body))}.{parts[2]}", out _, out _));
    }

    [Fact]
    public void TryVerify_AnyText_NeverThrows()
    {
        var random = new Random(11);
        var good = _issuer.Sign(Web, Now);
        for (var i = 0; i < 3000; i++)
        {
            var text = good.ToCharArray();
            for (var edits = random.Next(1, 5); edits > 0; edits--) text[random.Next(text.Length)] = (char)random.Next(32, 127);
            var mutated = new string(text)[..random.Next(text.Length + 1)];
            Assert.False(Verify(mutated, out _, out _) && mutated != good);
        }

        Assert.False(Verify(null, out _, out _));
        Assert.False(Verify(new string('.', 100), out _, out _));
        Assert.False(Verify(new string('a', 100_000), out _, out _));
    }

    public void Dispose() => _issuer.Dispose();

    private bool Verify(string? token, out ServiceAccountToken? claims, out string error) =>
        _issuer.Verifier.TryVerify(token, "istio-ca", Now, out claims, out error);
}
