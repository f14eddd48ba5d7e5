using System.Runtime.CompilerServices;
using System.Runtime.Versioning;

// Every signature here is blittable; the marshaller has nothing to add but cost.
[assembly: DisableRuntimeMarshalling]

// Linux only: epoll, SO_ORIGINAL_DST, SO_MARK (design section 6: WSL2 counts as Linux).
[assembly: SupportedOSPlatform("linux")]
