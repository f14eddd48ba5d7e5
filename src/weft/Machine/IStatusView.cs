using System.Threading;
using System.Threading.Tasks;
using Weft.Local;
using Weft.Local.Control;

namespace Weft.CommandLine.Machine;

/// <summary>How the state of a running mesh is shown.</summary>
internal interface IStatusView
{
    /// <summary>Shows it until cancelled or until the machine ends; false when the machine ended by itself.</summary>
    Task<bool> ShowAsync(MeshPaths paths, Task machineEnded, CancellationToken cancellation);

    /// <summary>Shows one moment.</summary>
    void Show(MeshStatus status);
}
