using System;
using System.Collections.Generic;
using System.Linq;
using Weft.Config.Networking;

namespace Weft.Config;

/// <summary>ServerTLSSettings with the webhook's rules.</summary>
internal static class ServerTlsBinder
{
    private static readonly WordTable<ServerTlsMode> Modes = new(
        ("PASSTHROUGH", ServerTlsMode.Passthrough),
        ("SIMPLE", ServerTlsMode.Simple),
        ("MUTUAL", ServerTlsMode.Mutual),
        ("AUTO_PASSTHROUGH", ServerTlsMode.AutoPassthrough),
        ("ISTIO_MUTUAL", ServerTlsMode.IstioMutual),
        ("OPTIONAL_MUTUAL", ServerTlsMode.OptionalMutual));

    private static readonly WordTable<TlsProtocol> Versions = new(
        ("TLS_AUTO", TlsProtocol.Auto), ("TLSV1_0", TlsProtocol.Tls10), ("TLSV1_1", TlsProtocol.Tls11), ("TLSV1_2", TlsProtocol.Tls12), ("TLSV1_3", TlsProtocol.Tls13));

    private static readonly string[] Ciphers =
    [
        "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384",
        "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305", "ECDHE-ECDSA-AES128-SHA", "ECDHE-RSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA",
        "ECDHE-RSA-AES256-SHA", "AES128-GCM-SHA256", "AES256-GCM-SHA384", "AES128-SHA", "AES256-SHA", "DES-CBC3-SHA",
    ];

    internal static ServerTlsSettings Settings(FieldReader r)
    {
        var tls = new ServerTlsSettings
        {
            HttpsRedirect = r.Bool("httpsRedirect"),
            Mode = r.Word("mode", Modes),
            ServerCertificate = r.String("serverCertificate"),
            PrivateKey = r.String("privateKey"),
            CaCertificates = r.String("caCertificates"),
            CaCrl = r.String("caCrl"),
            CredentialName = r.String("credentialName"),
            CredentialNames = r.Strings("credentialNames"),
            CaCertCredentialName = r.String("caCertCredentialName"),
            TlsCertificates = r.List("tlsCertificates", c => new TlsCertificate
            {
                ServerCertificate = c.String("serverCertificate"),
                PrivateKey = c.String("privateKey"),
                CaCertificates = c.String("caCertificates"),
            }),
            SubjectAltNames = r.Strings("subjectAltNames"),
            VerifyCertificateSpki = r.Strings("verifyCertificateSpki"),
            VerifyCertificateHash = r.Strings("verifyCertificateHash"),
            MinProtocolVersion = r.Word("minProtocolVersion", Versions),
            MaxProtocolVersion = r.Word("maxProtocolVersion", Versions),
            CipherSuites = r.Strings("cipherSuites"),
            InsecureSkipVerify = r.Bool("insecureSkipVerify"),
        };
        CipherRules(r);
        switch (Text(r, "mode"))
        {
            case "ISTIO_MUTUAL":
                IstioMutualRules(r);
                break;
            case "SIMPLE" or "MUTUAL" or "OPTIONAL_MUTUAL":
                TerminateRules(r, Text(r, "mode"));
                break;
            case "PASSTHROUGH" or "AUTO_PASSTHROUGH" when new[] { "serverCertificate", "privateKey", "caCertificates", "caCrl", "credentialName" }.Any(n => Text(r, n).Length > 0)
                || Items(r, "credentialNames").Count > 0 || Items(r, "tlsCertificates").Count > 0:
                r.FieldWarning("mode", $"{Text(r, "mode")} mode does not use certificates, they will be ignored.");
                break;
            default:
                break;
        }

        return tls;
    }

    private static void IstioMutualRules(FieldReader r)
    {
        foreach ((string name, string what) in (ReadOnlySpan<(string, string)>)
            [("serverCertificate", "server cert"), ("privateKey", "private key"), ("caCertificates", "client CA bundle"), ("caCrl", "CRL"), ("credentialName", "credentialName")])
        {
            if (Text(r, name).Length > 0)
            {
                r.FieldError(name, $"ISTIO_MUTUAL TLS cannot have associated {what}; remove it.");
            }
        }

        if (Items(r, "credentialNames").Count > 0)
        {
            r.FieldError("credentialNames", "ISTIO_MUTUAL TLS cannot have associated credentialNames; remove it.");
        }
    }

    private static void TerminateRules(FieldReader r, string mode)
    {
        int credentialNames = Items(r, "credentialNames").Count;
        IReadOnlyList<ResourceNode> certificates = Items(r, "tlsCertificates");
        bool hasCredential = Text(r, "credentialName").Length > 0;
        bool hasFiles = Text(r, "serverCertificate").Length > 0 && Text(r, "privateKey").Length > 0;
        int sources = (hasCredential ? 1 : 0) + (credentialNames > 0 ? 1 : 0) + (hasFiles ? 1 : 0) + (certificates.Count > 0 ? 1 : 0);
        if (sources > 1)
        {
            r.Error("Only one of credential_name, credential_names, server_certificate/private_key, tls_certificates should be specified; keep one.");
        }

        if (credentialNames > 2 || certificates.Count > 2)
        {
            r.FieldWarning(credentialNames > 2 ? "credentialNames" : "tlsCertificates", $"{mode} TLS can support up to 2 server certificates, the first two are used.");
        }

        if (hasCredential || credentialNames > 0)
        {
            return;
        }

        bool isMutual = mode != "SIMPLE";
        if (certificates.Count > 0)
        {
            foreach (ResourceNode certificate in certificates)
            {
                Need(r, certificate, "serverCertificate", $"{mode} TLS requires a server certificate");
                Need(r, certificate, "privateKey", $"{mode} TLS requires a private key");
            }
        }
        else
        {
            Need(r, r.Node, "serverCertificate", $"{mode} TLS requires a server certificate");
            Need(r, r.Node, "privateKey", $"{mode} TLS requires a private key");
        }

        if (isMutual && Text(r, "caCertCredentialName").Length == 0)
        {
            Need(r, r.Node, "caCertificates", $"{mode} TLS requires a client CA bundle");
        }

        if (!isMutual && Text(r, "caCrl").Length > 0)
        {
            r.FieldError("caCrl", "CRL is not supported with SIMPLE TLS; use MUTUAL, or remove it.");
        }
    }

    private static void Need(FieldReader r, ResourceNode node, string name, string what)
    {
        if ((node[name]?.Text ?? "").Length == 0)
        {
            r.Error($"{what}: set {name}, or a credentialName.", DiagnosticCodes.Required);
        }
    }

    private static void CipherRules(FieldReader r)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (ResourceNode suite in Items(r, "cipherSuites"))
        {
            string name = suite.Text.TrimStart('+', '-', '!');
            if (name != "ALL" && !Ciphers.Contains(name, StringComparer.Ordinal))
            {
                string? near = Suggestion.Nearest(name, Ciphers);
                r.FieldWarning("cipherSuites", $"ignoring invalid cipher suite {suite.Text}" + (near is null ? "." : $"; did you mean {near}?"));
            }
            else if (!seen.Add(suite.Text))
            {
                r.FieldWarning("cipherSuites", $"ignoring duplicate cipher suite {suite.Text}.");
            }
        }
    }

    private static string Text(FieldReader r, string name) => r.Node[name]?.Text ?? "";

    private static IReadOnlyList<ResourceNode> Items(FieldReader r, string name) => r.Node[name]?.Items ?? [];
}
