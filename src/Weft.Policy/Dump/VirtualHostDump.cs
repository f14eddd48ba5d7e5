using System.Text.Json;
using Weft.Policy.Blocks;
using Weft.Policy.Model;

namespace Weft.Policy.Dump;

/// <summary>A virtual host as <c>envoy.config.route.v3.VirtualHost</c>.</summary>
internal static class VirtualHostDump
{
    public static void Write(Utf8JsonWriter json, VirtualHostView host)
    {
        var writer = new DumpWriter(json, host.Block);
        ref readonly VirtualHostRecord root = ref host.Root;
        json.WriteStartObject();
        writer.Text("name", root.Name);
        writer.Texts("domains", root.Domains);
        json.WriteStartArray("routes");
        for (int i = 0; i < host.Routes.Length; i++)
            Route(writer, host, host.Route(i));
        json.WriteEndArray();
        if (root.RequireTls != TlsRequirement.None)
            json.WriteString("require_tls", DumpNames.Upper(root.RequireTls.ToString()));
        writer.Flag("include_request_attempt_count", root.IncludeRequestAttemptCount == 1);
        writer.Flag("include_attempt_count_in_response", root.IncludeAttemptCountInResponse == 1);
        HeaderOpsDump.Write(writer, root.RequestOps, root.ResponseOps);
        Retry(writer, host, root.RetryPolicy);
        writer.Provenance(root.Origins);
        json.WriteEndObject();
    }

    private static void Route(DumpWriter writer, VirtualHostView host, in RouteRecord route)
    {
        writer.Json.WriteStartObject();
        writer.Text("name", route.Name);
        Match(writer, host, route);
        switch (route.Action)
        {
            case RouteActionKind.Redirect: Redirect(writer, host.Redirect(route)); break;
            case RouteActionKind.DirectResponse: DirectResponse(writer, host.DirectResponse(route)); break;
            default: Forward(writer, host, host.Action(route)); break;
        }

        HeaderOpsDump.Write(writer, route.RequestOps, route.ResponseOps);
        if (!route.Operation.IsEmpty)
        {
            writer.Json.WriteStartObject("decorator");
            writer.Text("operation", route.Operation);
            writer.Json.WriteEndObject();
        }

        writer.Provenance(route.Origins);
        writer.Json.WriteEndObject();
    }

    private static void Match(DumpWriter writer, VirtualHostView host, in RouteRecord route)
    {
        writer.Json.WriteStartObject("match");
        if (route.PathKind == PathMatchKind.SafeRegex)
        {
            writer.Json.WriteStartObject("safe_regex");
            writer.Text("regex", route.Path);
            writer.Json.WriteEndObject();
        }
        else
        {
            writer.Json.WriteString(DumpNames.Lower(route.PathKind.ToString()), writer.Block.Utf8(route.Path));
        }

        if (route.CaseSensitive == 0)
            writer.Json.WriteBoolean("case_sensitive", false);
        MatcherDump.Headers(writer, host, route.HeaderMatchers);
        MatcherDump.Query(writer, host, route.QueryMatchers);
        writer.Json.WriteEndObject();
    }

    private static void Forward(DumpWriter writer, VirtualHostView host, in RouteActionRecord action)
    {
        writer.Json.WriteStartObject("route");
        writer.Text("cluster", action.Cluster);
        RouteDump.Weighted(writer, action.WeightedClusters);
        writer.Duration("timeout", action.Timeout);
        writer.Duration("idle_timeout", action.IdleTimeout);
        if (action.MaxStreamDuration.IsSet || action.GrpcTimeoutHeaderMax.IsSet)
        {
            writer.Json.WriteStartObject("max_stream_duration");
            writer.Duration("max_stream_duration", action.MaxStreamDuration);
            writer.Duration("grpc_timeout_header_max", action.GrpcTimeoutHeaderMax);
            writer.Json.WriteEndObject();
        }

        Retry(writer, host, action.RetryPolicy);
        Rewrite(writer, action.PrefixRewrite, action.RegexRewritePattern, action.RegexRewriteSubstitution);
        writer.Text("host_rewrite_literal", action.HostRewriteLiteral);
        writer.Flag("auto_host_rewrite", action.AutoHostRewrite == 1);
        writer.Flag("append_x_forwarded_host", action.AppendXForwardedHost == 1);
        writer.Json.WriteEndObject();
    }

    private static void Rewrite(DumpWriter writer, Text prefix, Text pattern, Text substitution)
    {
        writer.Text("prefix_rewrite", prefix);
        if (pattern.IsEmpty)
            return;
        writer.Json.WriteStartObject("regex_rewrite");
        writer.Json.WriteStartObject("pattern");
        writer.Text("regex", pattern);
        writer.Json.WriteEndObject();
        writer.Text("substitution", substitution);
        writer.Json.WriteEndObject();
    }

    private static void Retry(DumpWriter writer, VirtualHostView host, int index)
    {
        if (index < 0)
            return;
        RetryPolicyView policy = host.RetryPolicy(index);
        ref readonly RetryPolicyRecord root = ref policy.Root;
        writer.Json.WriteStartObject("retry_policy");
        writer.Json.WriteString("retry_on", RetryOnNames.Join(root.RetryOn));
        writer.Json.WriteNumber("num_retries", root.NumRetries);
        writer.Duration("per_try_timeout", root.PerTryTimeout);
        writer.Duration("per_try_idle_timeout", root.PerTryIdleTimeout);
        if (root.ExcludePreviousHosts == 1)
        {
            writer.Json.WriteStartArray("retry_host_predicate");
            writer.Json.WriteStartObject();
            writer.Json.WriteString("name", "envoy.retry_host_predicates.previous_hosts");
            writer.Json.WriteEndObject();
            writer.Json.WriteEndArray();
            writer.Json.WriteNumber("host_selection_retry_max_attempts", root.HostSelectionMaxAttempts);
        }

        if (!root.RetriableStatusCodes.IsEmpty)
        {
            writer.Json.WriteStartArray("retriable_status_codes");
            foreach (int code in policy.RetriableStatusCodes)
                writer.Json.WriteNumberValue(code);
            writer.Json.WriteEndArray();
        }

        if (root.BackOffBase.IsSet)
        {
            writer.Json.WriteStartObject("retry_back_off");
            writer.Duration("base_interval", root.BackOffBase);
            writer.Duration("max_interval", root.BackOffMax);
            writer.Json.WriteEndObject();
        }

        writer.Json.WriteEndObject();
    }

    private static void Redirect(DumpWriter writer, in RedirectRecord redirect)
    {
        writer.Json.WriteStartObject("redirect");
        writer.Flag("https_redirect", redirect.HttpsRedirect == 1);
        writer.Text("scheme_redirect", redirect.Scheme);
        writer.Text("host_redirect", redirect.Host);
        writer.Number("port_redirect", redirect.Port);
        writer.Text("path_redirect", redirect.Path);
        Rewrite(writer, redirect.PrefixRewrite, redirect.RegexRewritePattern, redirect.RegexRewriteSubstitution);
        writer.Json.WriteString("response_code", redirect.ResponseCode switch
        {
            302 => "FOUND",
            303 => "SEE_OTHER",
            307 => "TEMPORARY_REDIRECT",
            308 => "PERMANENT_REDIRECT",
            _ => "MOVED_PERMANENTLY",
        });
        writer.Flag("strip_query", redirect.StripQuery == 1);
        writer.Json.WriteEndObject();
    }

    private static void DirectResponse(DumpWriter writer, in DirectResponseRecord response)
    {
        writer.Json.WriteStartObject("direct_response");
        writer.Json.WriteNumber("status", response.Status);
        if (!response.Body.IsEmpty)
        {
            writer.Json.WriteStartObject("body");
            writer.Json.WriteBase64String("inline_bytes", writer.Block.Utf8(response.Body));
            writer.Json.WriteEndObject();
        }

        writer.Json.WriteEndObject();
    }
}
