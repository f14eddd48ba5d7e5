using System;

namespace Weft.Fuzz;

/// <summary>A target found that we broke a promise of ours. Never thrown for what the input is.</summary>
public sealed class FuzzFailureException : Exception
{
    public FuzzFailureException()
    {
    }

    public FuzzFailureException(string message)
        : base(message)
    {
    }

    public FuzzFailureException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
