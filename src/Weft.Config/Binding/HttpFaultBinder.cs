using System;
using System.Linq;
using Weft.Config.Networking;

namespace Weft.Config;

/// <summary>Faults and percentages.</summary>
internal static class HttpFaultBinder
{
    private static readonly string[] GrpcStatuses =
    [
        "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED",
        "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
    ];

    internal static HttpFaultInjection Fault(FieldReader r)
    {
        var fault = new HttpFaultInjection { Delay = r.Object("delay", Delay), Abort = r.Object("abort", Abort) };
        if (!r.Has("delay") && !r.Has("abort"))
        {
            r.Error("A fault needs an abort, a delay or both.", DiagnosticCodes.Required);
        }

        return fault;
    }

    internal static FaultDelay Delay(FieldReader r)
    {
        var delay = new FaultDelay
        {
            FixedDelay = r.Duration("fixedDelay"),
            ExponentialDelay = r.Duration("exponentialDelay"),
            Percentage = r.Object("percentage", Percent)?.Value,
            Percent = r.Int32("percent", 0, 100),
        };
        if (r.Has("exponentialDelay"))
        {
            r.FieldError("exponentialDelay", "exponentialDelay not supported yet; use fixedDelay.");
        }
        else if (!r.Has("fixedDelay"))
        {
            r.Missing("fixedDelay");
        }

        if (r.Has("percent"))
        {
            r.FieldWarning("percent", "percent is deprecated; use percentage.", DiagnosticCodes.Deprecated);
        }

        return delay;
    }

    internal static FaultAbort Abort(FieldReader r)
    {
        var abort = new FaultAbort
        {
            HttpStatus = r.Int32("httpStatus", 200, 600),
            GrpcStatus = r.String("grpcStatus"),
            Http2Error = r.String("http2Error"),
            Percentage = r.Object("percentage", Percent)?.Value,
        };
        int kinds = new[] { "httpStatus", "grpcStatus", "http2Error" }.Count(r.Has);
        if (kinds != 1)
        {
            r.Error("An abort needs exactly one of httpStatus and grpcStatus.", DiagnosticCodes.Required);
        }
        else if (r.Has("http2Error"))
        {
            r.FieldError("http2Error", "HTTP/2 abort fault injection not supported yet; use httpStatus.");
        }
        else if (abort.GrpcStatus is { } status && !GrpcStatuses.Contains(status, StringComparer.Ordinal) && !(int.TryParse(status, out int code) && code is >= 0 and <= 16))
        {
            r.FieldError("grpcStatus", $"gRPC status \"{status}\" is not supported; use a name such as UNAVAILABLE.");
        }

        return abort;
    }

    /// <summary>Istio's Percent: <c>{value: 0–100}</c>.</summary>
    internal static PercentValue Percent(FieldReader r) => new(r.Double("value", 0, 100) ?? 0);

    /// <summary>A percentage, as a class so that it can be null.</summary>
    internal sealed record PercentValue(double Value);
}
