using System;

namespace Weft.Native.Namespaces;

/// <summary>CLONE_NEW* (sched.h).</summary>
[Flags]
public enum NamespaceKinds
{
    None = 0,
    Mount = 0x00020000,
    HostName = 0x04000000,
    Ipc = 0x08000000,
    ProcessIds = 0x20000000,
    Network = 0x40000000,
}
