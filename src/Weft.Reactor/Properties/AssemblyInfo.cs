using System.Runtime.Versioning;

// Linux only: epoll, SO_ORIGINAL_DST, SO_MARK (design section 6: WSL2 counts as Linux).
[assembly: SupportedOSPlatform("linux")]
