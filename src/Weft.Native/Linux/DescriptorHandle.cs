using Microsoft.Win32.SafeHandles;

namespace Weft.Native.Linux;

/// <summary>Owns a descriptor that lives as long as the process or a loop: epoll set, eventfd, listening socket.</summary>
public sealed class DescriptorHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    /// <summary>Takes ownership of <paramref name="descriptor"/>.</summary>
    public DescriptorHandle(int descriptor)
        : base(ownsHandle: true) => SetHandle(descriptor);

    /// <summary>The number, for calls by the owner.</summary>
    public int Number => (int)handle;

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => LibC.close((int)handle) == 0;
}
