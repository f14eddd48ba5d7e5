using System.Collections.Immutable;
using System.Linq;
using Weft.Config;
using Weft.Control.Collections;
using Weft.Control.Model;

namespace Weft.Control.Derivation;

/// <summary>What is worth saying about the model as a whole, beside what the readers said of single objects. Pure.</summary>
public static class ModelReports
{
    public const string Http2IsOpaque = "http2-opaque";

    /// <summary>One entry per port that declares HTTP/2 or gRPC.</summary>
    public static ImmutableArray<Diagnostic> Of(RoutingModel model, MeshState state)
    {
        ImmutableArray<Diagnostic>.Builder reports = ImmutableArray.CreateBuilder<Diagnostic>();
        foreach (MeshService service in model.Services)
        {
            foreach (MeshPort port in service.Ports.Where(p => p.Protocol.IsHttp2()))
            {
                var key = new ObjectKey("", "Service", service.Namespace, service.Name);
                bool hasRules = model.HostRules.Any(r => r.Hosts.Any(h => HostName.IsSubsetOf(service.Host, h)));
                reports.Add(new Diagnostic(
                    hasRules ? DiagnosticSeverity.Warning : DiagnosticSeverity.Info,
                    Http2IsOpaque,
                    state.Find(key)?.Source.Locate(port.Origin.FieldPath) ?? SourceLocation.None,
                    key,
                    port.Origin.FieldPath,
                    $"port {port.Name} ({port.Number}) speaks HTTP/2, which weft-proxy carries as opaque TCP over mutual TLS for now"
                    + (hasRules ? "; the routing rules for this host do not apply to it. Name the port http if it also speaks HTTP/1.1." : ".")));
            }
        }

        return reports.ToImmutable();
    }
}
