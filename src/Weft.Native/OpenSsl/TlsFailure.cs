namespace Weft.Native.OpenSsl;

/// <summary>Why a session ended: the kind, and what OpenSSL said. A value; words are made only when somebody asks.</summary>
/// <param name="Kind">The reason in our words.</param>
/// <param name="VerifyError">X509_V_ERR_* of the chain, or 0.</param>
/// <param name="LibraryError">First entry of OpenSSL's error queue, or 0.</param>
public readonly record struct TlsFailure(TlsFailureKind Kind, int VerifyError = 0, ulong LibraryError = 0)
{
    /// <summary>True for <c>default</c>.</summary>
    public bool IsNone => Kind == TlsFailureKind.None;

    /// <summary>One line for the log, such as "PeerCertificateExpired: certificate has expired". Allocates.</summary>
    public override string ToString()
    {
        string? detail = VerifyError != 0 ? OpenSslText.VerifyError(VerifyError) : LibraryError != 0 ? OpenSslText.LibraryError(LibraryError) : null;
        return detail is null ? Kind.ToString() : Kind + ": " + detail;
    }
}
