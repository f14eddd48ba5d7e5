using System.Globalization;

namespace Weft.Native.Linux;

/// <summary>
/// The descriptor of a connection's socket, non-blocking and close-on-exec. A raw number on purpose: a link owns it, and the link's slot has a generation.
/// Never a key for anything, because the kernel uses the number again at once.
/// </summary>
/// <param name="Number">The descriptor, or -1.</param>
public readonly record struct SocketFd(int Number)
{
    /// <summary>No descriptor.</summary>
    public static readonly SocketFd None = new(-1);

    /// <summary>False for <see cref="None"/>.</summary>
    public bool IsOpen => Number >= 0;

    /// <inheritdoc/>
    public override string ToString() => Number.ToString(CultureInfo.InvariantCulture);
}
