using System;
using System.Collections.Generic;
using Weft.Xds.Proto.Istio.Auth.V1;
using Weft.Xds.Wire;

namespace Weft.Xds.Ca;

/// <summary>The two messages of istio.v1.auth.IstioCertificateService as bytes, for a client that builds no message graphs.</summary>
public static class CertificateMessages
{
    /// <summary>The method's full name.</summary>
    public const string Service = "istio.v1.auth.IstioCertificateService";

    public const string CreateCertificate = "CreateCertificate";

    /// <summary>The life of the certificate is left to the CA.</summary>
    public static byte[] WriteRequest(string signingRequestPem)
    {
        ArgumentNullException.ThrowIfNull(signingRequestPem);
        var writer = new WireWriter();
        writer.Text(IstioCertificateRequest.CsrFieldNumber, signingRequestPem);
        return writer.ToArray();
    }

    /// <summary>PEM certificates, leaf first, root last. False when the bytes are no such message.</summary>
    public static bool TryReadResponse(ReadOnlySpan<byte> bytes, out List<string> chain)
    {
        chain = [];
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            if (field.Number == IstioCertificateResponse.CertChainFieldNumber) chain.Add(field.Text);
        }

        return !reader.IsMalformed;
    }
}
