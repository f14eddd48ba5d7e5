using System;
using System.Threading;
using System.Threading.Tasks;
using Weft.Identity;
using Weft.Local.Machine;
using Weft.Native;
using Weft.Store;

namespace Weft.Local.Pods;

/// <summary>What every pod needs of its machine. Immutable; shared by all pods.</summary>
public sealed record PodServices
{
    public required MachineOptions Options { get; init; }

    public required NetworkPlan Network { get; init; }

    public required ObjectStore Store { get; init; }

    public required ServiceAccountTokenIssuer Tokens { get; init; }

    public required TimeProvider Clock { get; init; }

    public required MachineLog Log { get; init; }

    /// <summary>The mesh's root certificate; completes when weftd has made it.</summary>
    public required Task<MemoryFile> RootCertificate { get; init; }

    /// <summary>Returns when every connected proxy has acknowledged a state that holds the store's revision, or gives up in time.</summary>
    public required Func<long, CancellationToken, Task> WaitForProxies { get; init; }
}
