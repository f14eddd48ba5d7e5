using System;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Weft.Proxy.Lifecycle;

namespace Weft.Proxy.Admin;

/// <summary>/certs: what is in use, from certificates alone; the key is not even here to be shown.</summary>
internal static class CertificatePage
{
    public static void Write(ProxyHost host, SideResponse response)
    {
        response.ContentType = "application/json";
        using var json = new Utf8JsonWriter(response.Body, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteStartArray("certificates");
        if (host.Process.Tls.Identity is { } identity)
        {
            json.WriteStartObject();
            WriteAll(json, "ca_cert", identity.BundlePem.Span, null);
            WriteAll(json, "cert_chain", identity.ChainPem.Span, identity.SpiffeId);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteAll(Utf8JsonWriter json, string field, ReadOnlySpan<byte> pem, string? uri)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(Encoding.ASCII.GetString(pem));
        json.WriteStartArray(field);
        foreach (var certificate in certificates.Cast<X509Certificate2>())
        {
            using var owned = certificate;
            json.WriteStartObject();
            json.WriteString("path", "<inline>");
            json.WriteString("serial_number", certificate.SerialNumber.ToLowerInvariant());
            json.WriteStartArray("subject_alt_names");
            if (uri is not null)
            {
                json.WriteStartObject();
                json.WriteString("uri", uri);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteString("days_until_expiration", Math.Max(0, (long)(certificate.NotAfter - DateTime.Now).TotalDays).ToString(CultureInfo.InvariantCulture));
            json.WriteString("valid_from", certificate.NotBefore.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
            json.WriteString("expiration_time", certificate.NotAfter.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
            json.WriteEndObject();
            uri = null;
        }
        json.WriteEndArray();
    }
}
