using System;

namespace Weft.Native.OpenSsl;

/// <summary>A certificate, key or trust bundle cannot be used. The message says which and why; it never holds key material.</summary>
public sealed class TlsConfigurationException : Exception
{
    public TlsConfigurationException()
    {
    }

    public TlsConfigurationException(string message)
        : base(message)
    {
    }

    public TlsConfigurationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
