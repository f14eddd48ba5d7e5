using System;
using Weft.Config.Core;

namespace Weft.Local.Pods;

/// <summary>Kubernetes' thresholds: so many successes in a row make ready, so many failures in a row make not ready. Pure.</summary>
public sealed class ReadinessGate(Probe probe)
{
    private int _successes;
    private int _failures;

    public bool IsReady { get; private set; }

    /// <summary>Counts one answer; true when it changed the verdict.</summary>
    public bool Count(bool isSuccess)
    {
        bool before = IsReady;
        (_successes, _failures) = isSuccess ? (_successes + 1, 0) : (0, _failures + 1);
        if (_successes >= Math.Max(1, probe.SuccessThreshold))
        {
            IsReady = true;
        }
        else if (_failures >= Math.Max(1, probe.FailureThreshold))
        {
            IsReady = false;
        }

        return before != IsReady;
    }

    /// <summary>The workload started anew: nothing is known.</summary>
    public void Reset() => (_successes, _failures, IsReady) = (0, 0, false);
}
