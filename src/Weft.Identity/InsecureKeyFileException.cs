using System;

namespace Weft.Identity;

/// <summary>A key file that others may read or replace. Raised at start only; the message says what to do.</summary>
public sealed class InsecureKeyFileException : Exception
{
    public InsecureKeyFileException(string message)
        : base(message)
    {
    }

    public InsecureKeyFileException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public InsecureKeyFileException()
    {
    }
}
