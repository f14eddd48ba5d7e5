using System.Globalization;

namespace Weft.Native.Linux;

/// <summary>
/// The descriptor of a connection's socket, non-blocking and close-on-exec. A raw number on purpose: a link owns it, and the link's slot has a generation.
/// Never a key for anything, because the kernel uses the number again at once. <c>default</c> is no descriptor.
/// </summary>
public readonly record struct SocketFd
{
    // One more than the number: a forgotten field must name nothing, not descriptor 0.
    private readonly int _next;

    /// <param name="number">The descriptor, or -1 for none.</param>
    public SocketFd(int number) => _next = number + 1;

    /// <summary>No descriptor.</summary>
    public static SocketFd None => default;

    /// <summary>The descriptor, or -1.</summary>
    public int Number => _next - 1;

    /// <summary>False for <see cref="None"/>.</summary>
    public bool IsOpen => _next > 0;

    /// <inheritdoc/>
    public override string ToString() => Number.ToString(CultureInfo.InvariantCulture);
}
