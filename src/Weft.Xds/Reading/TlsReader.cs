using System;
using System.Collections.Generic;
using Weft.Policy.Model;
using Weft.Xds.Wire;
using Common = Weft.Xds.Proto.Extensions.TransportSockets.Tls.V3.CommonTlsContext;
using Parameters = Weft.Xds.Proto.Extensions.TransportSockets.Tls.V3.TlsParameters;
using Validation = Weft.Xds.Proto.Extensions.TransportSockets.Tls.V3.CertificateValidationContext;

namespace Weft.Xds.Reading;

/// <summary>Transport sockets: plaintext, or TLS as this proxy does it (design section 4): its own certificate, a verified peer, TLS 1.2 at least, AEAD only.</summary>
internal static class TlsReader
{
    /// <summary>The only certificate a proxy has, obtained by its own signing request.</summary>
    public const string OwnCertificate = "default";

    private const int UriSan = 3;

    /// <summary>The suites that we offer for TLS 1.2; a list that leaves one of them out asks for something that we do not enforce.</summary>
    private static readonly string[] Suites =
    [
        "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256",
    ];

    /// <summary>Null is plaintext.</summary>
    public static DownstreamTlsConfig? Downstream(ReadOnlySpan<byte> transportSocket, WalkReport report)
    {
        var context = Context(transportSocket, "DownstreamTlsContext"u8, report);
        if (context.IsPlaintext) return null;
        var tls = new DownstreamTlsConfig();
        using var here = report.At("typed_config");
        var secrets = new Secrets(tls.AlpnProtocols, tls.SubjectAltNames);
        var reader = new WireReader(context.Value);
        while (reader.TryRead(out var field))
        {
            if (field.Number == 2) tls.RequireClientCertificate = CommonReader.WrappedBool(field);
            if (field.Number != 1) continue;
            using (report.At("common_tls_context")) CommonContext(field.Bytes, ref secrets, report);
        }

        (tls.CertificateSecretName, tls.ValidationSecretName) = (secrets.Certificate, secrets.Validation);
        if (!tls.RequireClientCertificate) report.Add("require_client_certificate", "must be true: this proxy speaks TLS to clients that it knows only");
        return tls;
    }

    /// <summary>Null is plaintext.</summary>
    public static UpstreamTlsConfig? Upstream(ReadOnlySpan<byte> transportSocket, WalkReport report)
    {
        var context = Context(transportSocket, "UpstreamTlsContext"u8, report);
        if (context.IsPlaintext) return null;
        var tls = new UpstreamTlsConfig();
        using var here = report.At("typed_config");
        var secrets = new Secrets(tls.AlpnProtocols, tls.SubjectAltNames);
        var reader = new WireReader(context.Value);
        while (reader.TryRead(out var field))
        {
            if (field.Number == 2) tls.Sni = field.Text;
            if (field.Number != 1) continue;
            using (report.At("common_tls_context")) CommonContext(field.Bytes, ref secrets, report);
        }

        (tls.CertificateSecretName, tls.ValidationSecretName) = (secrets.Certificate, secrets.Validation);
        if (tls.ValidationSecretName.Length == 0)
        {
            report.Add("common_tls_context.combined_validation_context", "is required: this proxy always verifies a server");
        }

        return tls;
    }

    private static SocketContext Context(ReadOnlySpan<byte> transportSocket, ReadOnlySpan<byte> expected, WalkReport report)
    {
        var reader = new WireReader(transportSocket);
        while (reader.TryRead(out var field))
        {
            if (field.Number != 3) continue;
            AnyView.Read(field.Bytes, out var typeUrl, out var value, out _);
            var name = AnyView.TypeName(typeUrl);
            if (name.EndsWith(expected)) return new SocketContext(value, isPlaintext: false);
            if (!name.EndsWith(".RawBuffer"u8)) report.Add("typed_config", "is the TLS context of the other side");
            return new SocketContext(default, isPlaintext: true);
        }

        report.Add("typed_config", "is required");
        return new SocketContext(default, isPlaintext: true);
    }

    private static void CommonContext(ReadOnlySpan<byte> bytes, ref Secrets secrets, WalkReport report)
    {
        var reader = new WireReader(bytes);
        var certificates = 0;
        while (reader.TryRead(out var field))
        {
            switch (field.Number)
            {
                case Common.TlsParamsFieldNumber:
                    using (report.At("tls_params")) TlsParameters(field.Bytes, report);
                    break;
                case Common.AlpnProtocolsFieldNumber: secrets.Alpn.Add(field.Text); break;
                case Common.TlsCertificateSdsSecretConfigsFieldNumber:
                    using (report.At("tls_certificate_sds_secret_configs", certificates++)) secrets.Certificate = Certificate(field.Bytes, report);
                    break;
                case Common.ValidationContextSdsSecretConfigFieldNumber:
                    using (report.At("validation_context_sds_secret_config")) secrets.Validation = SecretName(field.Bytes, report);
                    break;
                case Common.CombinedValidationContextFieldNumber:
                    using (report.At("combined_validation_context")) Combined(field.Bytes, ref secrets, report);
                    break;
                case Common.ValidationContextFieldNumber:
                    report.Add("validation_context", "must come from a secret: combined_validation_context or validation_context_sds_secret_config");
                    break;
            }
        }

        if (certificates > 1) report.Add("tls_certificate_sds_secret_configs", "more than one certificate is not enforced by this proxy");
    }

    private static void Combined(ReadOnlySpan<byte> bytes, ref Secrets secrets, WalkReport report)
    {
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            if (field.Number == 1)
            {
                using (report.At("default_validation_context")) Names(field.Bytes, secrets.Names, report);
            }
            else if (field.Number == 2)
            {
                using (report.At("validation_context_sds_secret_config")) secrets.Validation = SecretName(field.Bytes, report);
            }
        }
    }

    private static void Names(ReadOnlySpan<byte> bytes, List<StringMatchConfig> into, WalkReport report)
    {
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            switch (field.Number)
            {
                // match_subject_alt_names, deprecated and yet what Istio emits; and its successor, typed, of which we know URI.
                case 9:
                    using (report.At("match_subject_alt_names", into.Count)) Add(MatcherReader.StringMatch(field.Bytes, report), into);
                    break;
                case Validation.MatchTypedSubjectAltNamesFieldNumber:
                    using (report.At("match_typed_subject_alt_names", into.Count)) TypedName(field.Bytes, into, report);
                    break;
                case Validation.TrustedCaFieldNumber: report.Add("trusted_ca", "must come from a secret"); break;
            }
        }
    }

    private static void TypedName(ReadOnlySpan<byte> bytes, List<StringMatchConfig> into, WalkReport report)
    {
        var reader = new WireReader(bytes);
        var type = 0;
        while (reader.TryRead(out var field))
        {
            if (field.Number == 1) type = field.Int32;
            if (field.Number != 2) continue;
            using (report.At("matcher")) Add(MatcherReader.StringMatch(field.Bytes, report), into);
        }

        if (type != UriSan) report.Add("san_type", "must be URI");
    }

    private static void Add(StringMatchConfig? match, List<StringMatchConfig> into)
    {
        if (match is not null) into.Add(match);
    }

    private static string Certificate(ReadOnlySpan<byte> bytes, WalkReport report)
    {
        var name = SecretName(bytes, report);
        if (name.Length > 0 && name != OwnCertificate) report.Add("name", $"'{name}' is not here: this proxy has one certificate, {OwnCertificate}");
        return name;
    }

    private static string SecretName(ReadOnlySpan<byte> bytes, WalkReport report)
    {
        var name = "";
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            if (field.Number == 1) name = field.Text;
            if (field.Number != 2) continue;
            using (report.At("sds_config")) CommonReader.ConfigSource(field, report);
        }

        if (name.Length == 0) report.Add("name", "must not be empty");
        return name;
    }

    /// <summary>Accepts what says what we do anyway: TLS_AUTO=0, TLSv1_0=1, TLSv1_1=2, TLSv1_2=3, TLSv1_3=4.</summary>
    private static void TlsParameters(ReadOnlySpan<byte> bytes, WalkReport report)
    {
        var suites = new List<string>();
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            switch (field.Number)
            {
                case Parameters.TlsMinimumProtocolVersionFieldNumber when field.Scalar is not (0 or 3):
                    report.Add("tls_minimum_protocol_version", "must be TLS_AUTO or TLSv1_2");
                    break;
                case Parameters.TlsMaximumProtocolVersionFieldNumber when field.Scalar is not (0 or 4):
                    report.Add("tls_maximum_protocol_version", "must be TLS_AUTO or TLSv1_3");
                    break;
                case Parameters.CipherSuitesFieldNumber: suites.Add(field.Text); break;
            }
        }

        if (suites.Count > 0 && !Array.TrueForAll(Suites, suites.Contains)) report.Add("cipher_suites", $"must contain {string.Join(", ", Suites)}");
    }

    private readonly ref struct SocketContext(ReadOnlySpan<byte> value, bool isPlaintext)
    {
        public ReadOnlySpan<byte> Value { get; } = value;

        public bool IsPlaintext { get; } = isPlaintext;
    }

    private ref struct Secrets(List<string> alpn, List<StringMatchConfig> names)
    {
        public string Certificate { get; set; } = "";

        public string Validation { get; set; } = "";

        public List<string> Alpn { get; } = alpn;

        public List<StringMatchConfig> Names { get; } = names;
    }
}
