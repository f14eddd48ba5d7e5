using Weft.Native.Linux;
using Weft.Native.OpenSsl;

namespace Weft.Reactor;

/// <summary>Why a link ended, as a value: the reason, and what the kernel or TLS said.</summary>
/// <param name="Reason">In our words.</param>
/// <param name="Errno">What the kernel said, when it did.</param>
/// <param name="Tls">What TLS said, when it did.</param>
public readonly record struct LinkFault(CloseReason Reason, Errno Errno = Errno.None, TlsFailure Tls = default)
{
    /// <summary>True when the link ended as its owner or both peers wanted.</summary>
    public bool IsOrderly => Reason is CloseReason.Local or CloseReason.Completed;

    /// <summary>True when no connection came about, so that not one byte of a request can have reached the peer's application.</summary>
    public bool IsConnectFault => Reason is CloseReason.ConnectFailed or CloseReason.ConnectTimeout or CloseReason.LocalSocketFailed
        or CloseReason.HandshakeFailed or CloseReason.HandshakeTimeout;

    /// <summary>One line for the log. Allocates.</summary>
    public override string ToString()
    {
        string text = Reason.ToString();
        if (!Tls.IsNone)
        {
            text += " (" + Tls + ")";
        }

        return Errno == Errno.None ? text : text + " (" + Errno.Describe() + ")";
    }
}
