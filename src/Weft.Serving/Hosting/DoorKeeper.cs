using System;
using System.Threading.Tasks;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Weft.Serving.Authentication;

namespace Weft.Serving.Hosting;

/// <summary>What each door leads to (T84): discovery on the discovery ports, pages on the others, and on the metrics port nothing for callers who have proven nothing.</summary>
internal sealed class DoorKeeper(CallerAuthenticator authenticator, string rootNamespace)
{
    public async Task AdmitAsync(HttpContext http, RequestDelegate next)
    {
        bool isGrpc = http.Request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true;
        bool isDebug = http.Request.Path.StartsWithSegments("/debug", StringComparison.Ordinal);
        bool isMetrics = http.Request.Path.StartsWithSegments("/metrics", StringComparison.Ordinal);
        int refusal = Doors.Of(http) switch
        {
            Door.Plaintext or Door.Secure => isGrpc ? 0 : StatusCodes.Status404NotFound,
            Door.Debug => isGrpc ? StatusCodes.Status404NotFound : 0,
            Door.Health => isGrpc || isDebug || isMetrics ? StatusCodes.Status404NotFound : 0,
            Door.Metrics => await JudgeAsync(http, isDebug).ConfigureAwait(false),
            _ => StatusCodes.Status404NotFound,
        };
        if (refusal != 0)
        {
            http.Response.StatusCode = refusal;
            return;
        }

        await next(http).ConfigureAwait(false);
    }

    private async Task<int> JudgeAsync(HttpContext http, bool isDebug)
    {
        (CallerIdentity? caller, StatusCode _, string _) = await authenticator.AuthenticateAsync(http, http.RequestAborted).ConfigureAwait(false);
        return caller is null || (isDebug && caller.Namespace != rootNamespace) ? StatusCodes.Status403Forbidden : 0;
    }
}
