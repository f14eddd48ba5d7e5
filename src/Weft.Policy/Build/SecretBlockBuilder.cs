using System;
using Weft.Policy.Blocks;
using Weft.Policy.Model;

namespace Weft.Policy.Build;

/// <summary>Compiles a <see cref="SecretConfig"/>. A private key in it is refused: blocks may end up on disk.</summary>
public static class SecretBlockBuilder
{
    /// <summary>The block, or null with at least one problem added.</summary>
    public static BlockImage? Build(SecretConfig config, ConfigProblems problems)
    {
        int before = problems.Items.Count;
        string path = config.Kind == SecretKind.ValidationContext ? "validation_context.trusted_ca" : "tls_certificate.certificate_chain";
        if (config.Name.Length == 0)
            problems.Add("name", "must not be empty");
        if (!config.Pem.Contains("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal))
            problems.Add(path, "holds no PEM certificate");
        if (config.Pem.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
            problems.Add(path, "holds a private key");
        var writer = new BlockWriter(BlockKind.Secret);
        var root = new SecretRecord { Kind = config.Kind, Pem = writer.Text(config.Pem) };
        return problems.Items.Count > before ? null : writer.Finish(config.Name, in root);
    }
}
