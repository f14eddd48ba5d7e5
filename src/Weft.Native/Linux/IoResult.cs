namespace Weft.Native.Linux;

/// <summary>What a system call came to: a count (or descriptor) when not negative, otherwise the error. A value, because peers cause most of them.</summary>
/// <param name="Value">The call's result, or the negated errno.</param>
public readonly record struct IoResult(int Value)
{
    /// <summary>True when the call succeeded.</summary>
    public bool IsOk => Value >= 0;

    /// <summary>Bytes moved, or the descriptor made; 0 after an error.</summary>
    public int Count => Value >= 0 ? Value : 0;

    /// <summary>The error, or <see cref="Errno.None"/>.</summary>
    public Errno Errno => Value < 0 ? (Errno)(-Value) : Errno.None;

    /// <summary>True when the kernel will say by epoll when to try again.</summary>
    public bool IsWouldBlock => Value == -(int)Errno.EAGAIN;

    /// <summary>The result that stands for <paramref name="errno"/>.</summary>
    public static IoResult Failed(Errno errno) => new(-(int)errno);
}
