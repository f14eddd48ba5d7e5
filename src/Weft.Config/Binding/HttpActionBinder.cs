using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Weft.Config.Networking;

namespace Weft.Config;

/// <summary>What an HTTP route does: redirect, direct response, rewrite, retries, headers, CORS.</summary>
internal static class HttpActionBinder
{
    private const int MaxDirectResponseBytes = 1 << 20;

    private static readonly WordTable<RedirectPortSelection> PortSelections = new(
        ("FROM_PROTOCOL_DEFAULT", RedirectPortSelection.FromProtocolDefault), ("FROM_REQUEST_PORT", RedirectPortSelection.FromRequestPort));

    private static readonly WordTable<UnmatchedPreflights> Preflights = new(
        ("UNSPECIFIED", UnmatchedPreflights.Unspecified), ("FORWARD", UnmatchedPreflights.Forward), ("IGNORE", UnmatchedPreflights.Ignore));

    private static readonly string[] Methods = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE", "CONNECT", "*"];

    /// <summary>Envoy's x-envoy-retry-on and x-envoy-retry-grpc-on words.</summary>
    private static readonly string[] RetryConditions =
    [
        "5xx", "gateway-error", "reset", "reset-before-request", "connect-failure", "envoy-ratelimited", "retriable-4xx", "refused-stream", "retriable-status-codes",
        "retriable-headers", "http3-post-connect-failure", "cancelled", "deadline-exceeded", "internal", "resource-exhausted", "unavailable",
    ];

    internal static HttpRedirect Redirect(FieldReader r)
    {
        var redirect = new HttpRedirect
        {
            Uri = r.String("uri"),
            PrefixRewrite = r.String("prefixRewrite"),
            Authority = r.String("authority"),
            Port = r.UInt32("port", 65535),
            DerivePort = r.Word("derivePort", PortSelections),
            Scheme = r.String("scheme"),
            RedirectCode = r.UInt32("redirectCode"),
        };
        bool saysNothing = string.IsNullOrEmpty(Written(r, "uri")) && string.IsNullOrEmpty(Written(r, "authority")) && string.IsNullOrEmpty(Written(r, "prefixRewrite"))
            && string.IsNullOrEmpty(Written(r, "scheme")) && !r.Has("port") && !r.Has("derivePort");
        if (saysNothing)
        {
            r.Error("A redirect must specify URI, authority, scheme or port.", DiagnosticCodes.Required);
        }

        if (redirect.RedirectCode is not (null or 0) and not (301 or 302 or 303 or 307 or 308))
        {
            r.FieldError("redirectCode", $"{redirect.RedirectCode} is no redirect; use 301, 302, 303, 307 or 308.");
        }

        if (!string.IsNullOrEmpty(redirect.Uri) && !string.IsNullOrEmpty(redirect.PrefixRewrite))
        {
            r.FieldError("prefixRewrite", "uri and prefixRewrite exclude each other; keep one.");
        }

        if (r.Has("port") && r.Has("derivePort"))
        {
            r.FieldError("derivePort", "port and derivePort exclude each other; keep one.");
        }

        return redirect;
    }

    internal static HttpDirectResponse DirectResponse(FieldReader r)
    {
        string? text = null;
        byte[]? bytes = null;
        r.Object<object>("body", b =>
        {
            text = b.String("string");
            if (b.String("bytes") is { } base64)
            {
                byte[] buffer = new byte[base64.Length];
                if (Convert.TryFromBase64String(base64, buffer, out int length))
                {
                    bytes = buffer[..length];
                }
                else
                {
                    b.FieldError("bytes", "bytes must be base64; write plain text under string.");
                }
            }

            if (b.Has("string") && b.Has("bytes"))
            {
                b.Error("string and bytes exclude each other; keep one.");
            }

            return null;
        });
        if (!r.Has("status"))
        {
            r.Missing("status");
        }

        int size = text is null ? bytes?.Length ?? 0 : Encoding.UTF8.GetByteCount(text);
        if (size > MaxDirectResponseBytes)
        {
            r.FieldError("body", string.Create(CultureInfo.InvariantCulture, $"The body has {size} bytes; the most is 1 MiB."));
        }
        else if (size > 100 << 10)
        {
            r.FieldWarning("body", "large direct responses may impact control plane performance, must be less than 1MB.");
        }

        return new HttpDirectResponse { Status = (uint)(r.Integer("status", 200, 600) ?? 0), BodyString = text, BodyBytes = bytes };
    }

    internal static HttpRewrite Rewrite(FieldReader r)
    {
        var rewrite = new HttpRewrite { Uri = r.String("uri"), Authority = r.String("authority"), UriRegexRewrite = r.Object("uriRegexRewrite", RegexRewrite) };
        if (r.Has("uri") && r.Has("uriRegexRewrite"))
        {
            r.FieldError("uriRegexRewrite", "uri and uriRegexRewrite exclude each other; keep one.");
        }

        if (!r.Has("uri") && !r.Has("authority") && !r.Has("uriRegexRewrite"))
        {
            r.Error("A rewrite must specify uri, uriRegexRewrite or authority.", DiagnosticCodes.Required);
        }

        return rewrite;
    }

    internal static RegexRewrite RegexRewrite(FieldReader r)
    {
        var rewrite = new RegexRewrite { Match = r.RequiredString("match"), Rewrite = r.RequiredString("rewrite") };
        if (rewrite.Match.Length > 0 && RegexRules.Check(rewrite.Match) is { } wrong)
        {
            r.FieldError("match", wrong);
        }

        return rewrite;
    }

    internal static HttpRetry Retry(FieldReader r)
    {
        var retry = new HttpRetry
        {
            Attempts = r.Int32("attempts", 0) ?? 0,
            PerTryTimeout = r.Duration("perTryTimeout"),
            RetryOn = r.String("retryOn"),
            RetryRemoteLocalities = r.Bool("retryRemoteLocalities"),
            RetryIgnorePreviousHosts = r.Bool("retryIgnorePreviousHosts"),
            Backoff = r.Duration("backoff"),
        };
        if (retry.Attempts == 0 && new[] { "perTryTimeout", "retryOn", "retryRemoteLocalities", "retryIgnorePreviousHosts", "backoff" }.Any(r.Has))
        {
            r.FieldError("attempts", "http retry policy configured when attempts are set to 0 (disabled); set attempts, or remove the rest.");
        }

        foreach (string condition in (retry.RetryOn ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            bool isStatus = int.TryParse(condition, NumberStyles.None, CultureInfo.InvariantCulture, out int status);
            if (isStatus ? status is < 100 or > 599 : !RetryConditions.Contains(condition, StringComparer.Ordinal))
            {
                string? near = Suggestion.Nearest(condition, RetryConditions);
                r.FieldError("retryOn", near is null || isStatus
                    ? $"\"{condition}\" is not a valid retryOn policy; use Envoy's words or status codes."
                    : $"\"{condition}\" is not a valid retryOn policy; did you mean {near}?");
            }
        }

        return retry;
    }

    internal static Headers Headers(FieldReader r) => new()
    {
        Request = r.Object("request", o => Operations(o, isRequest: true)),
        Response = r.Object("response", o => Operations(o, isRequest: false)),
    };

    internal static CorsPolicy Cors(FieldReader r)
    {
        if (r.Has("allowOrigin"))
        {
            r.FieldWarning("allowOrigin", "allowOrigin is deprecated; use allowOrigins.", DiagnosticCodes.Deprecated);
        }

        return new CorsPolicy
        {
            AllowOrigins = HttpMatchBinder.List(r, "allowOrigins"),
            AllowOrigin = r.Strings("allowOrigin"),
            AllowMethods = r.Strings("allowMethods", static (reader, field, method) =>
                VirtualServiceBinder.Check(reader, field, Methods.Contains(method, StringComparer.Ordinal) ? null : $"\"{method}\" is not a supported HTTP method.")),
            AllowHeaders = r.Strings("allowHeaders", StrictName),
            ExposeHeaders = r.Strings("exposeHeaders", StrictName),
            MaxAge = r.Duration("maxAge"),
            AllowCredentials = r.Bool("allowCredentials"),
            UnmatchedPreflights = r.Word("unmatchedPreflights", Preflights),
        };
    }

    private static string Written(FieldReader r, string name) => r.Node[name]?.Text ?? "";

    private static void StrictName(FieldReader r, FieldReader.Field field, string name) =>
        VirtualServiceBinder.Check(r, field, name == "*" ? null : HeaderRules.StrictName(name));

    private static HeaderOperations Operations(FieldReader r, bool isRequest) => new()
    {
        Set = Pairs(r, "set", allowsAuthority: isRequest),
        Add = Pairs(r, "add", allowsAuthority: false),
        Remove = r.Strings("remove", static (reader, field, name) => VirtualServiceBinder.Check(reader, field, HeaderRules.OperationName(name, allowsAuthority: false))),
    };

    private static IReadOnlyList<KeyValuePair<string, string>> Pairs(FieldReader r, string name, bool allowsAuthority) =>
        r.Pairs(name, (reader, field, header, value) =>
        {
            VirtualServiceBinder.Check(reader, field, HeaderRules.OperationName(header, allowsAuthority));
            VirtualServiceBinder.Check(reader, field, HeaderRules.Value(value));
        });
}
