using System.Collections.Generic;

namespace Weft.Local.Controllers;

/// <summary>Whether a pod gets a proxy. Here every pod does unless it says no: the laptop's mesh is opt-out.</summary>
public static class SidecarDecision
{
    /// <summary>Istio's label, and its older annotation of the same name; the label wins.</summary>
    public const string Key = "sidecar.istio.io/inject";

    public static bool HasSidecar(IReadOnlyDictionary<string, string> labels, IReadOnlyDictionary<string, string> annotations) =>
        (labels.TryGetValue(Key, out string? said) || annotations.TryGetValue(Key, out said)) ? said != "false" : true;
}
