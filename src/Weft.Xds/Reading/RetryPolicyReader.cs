using System;
using Weft.Policy.Model;
using Weft.Xds.Wire;
using Fields = Weft.Xds.Proto.Config.Route.V3.RetryPolicy;

namespace Weft.Xds.Reading;

/// <summary>RetryPolicy.</summary>
internal static class RetryPolicyReader
{
    /// <summary>Far more than anyone should ask for; the budget is the real limit.</summary>
    private const uint MaxRetries = 1000;

    public static RetryPolicyConfig RetryPolicy(ReadOnlySpan<byte> bytes, WalkReport report)
    {
        var policy = new RetryPolicyConfig();
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            switch (field.Number)
            {
                case Fields.RetryOnFieldNumber: RetryOnWords(field.Text, policy, report); break;
                case Fields.NumRetriesFieldNumber: policy.NumRetries = Math.Min(CommonReader.Wrapped(field), MaxRetries); break;
                case Fields.PerTryTimeoutFieldNumber: policy.PerTryTimeout = CommonReader.Duration(field, "per_try_timeout", report); break;
                case Fields.HostSelectionRetryMaxAttemptsFieldNumber: policy.HostSelectionMaxAttempts = (uint)Math.Clamp(field.Int64, 1, 100); break;
                case Fields.RetriableStatusCodesFieldNumber: CommonReader.Varints(field, code => AddStatus(code, policy, report)); break;
                case Fields.RetryHostPredicateFieldNumber: policy.ExcludePreviousHosts = true; break;
                case Fields.RetryBackOffFieldNumber:
                    using (report.At("retry_back_off")) BackOff(field.Bytes, policy, report);
                    break;
            }
        }

        return policy;
    }

    /// <summary>Words of xds.md C.3; numbers among them are status codes, as Istio writes them.</summary>
    private static void RetryOnWords(string text, RetryPolicyConfig policy, WalkReport report)
    {
        foreach (var range in text.AsSpan().Split(','))
        {
            var word = text.AsSpan()[range].Trim();
            if (word.IsEmpty) continue;
            if (int.TryParse(word, out var status))
            {
                policy.RetryOn |= RetryOn.RetriableStatusCodes;
                AddStatus((ulong)Math.Max(status, 0), policy, report);
            }
            else if (Word(word) is { } condition) policy.RetryOn |= condition;
            else report.Add("retry_on", $"'{word}' is not a known condition");
        }
    }

    private static RetryOn? Word(ReadOnlySpan<char> word) => word switch
    {
        "5xx" => RetryOn.ServerError,
        "gateway-error" => RetryOn.GatewayError,
        "reset" => RetryOn.Reset,
        "reset-before-request" => RetryOn.ResetBeforeRequest,
        "connect-failure" => RetryOn.ConnectFailure,
        "refused-stream" => RetryOn.RefusedStream,
        "retriable-4xx" => RetryOn.Retriable4xx,
        "retriable-status-codes" => RetryOn.RetriableStatusCodes,
        "envoy-ratelimited" => RetryOn.EnvoyRateLimited,
        "http3-post-connect-failure" => RetryOn.Http3PostConnectFailure,
        "cancelled" => RetryOn.GrpcCancelled,
        "deadline-exceeded" => RetryOn.GrpcDeadlineExceeded,
        "internal" => RetryOn.GrpcInternal,
        "resource-exhausted" => RetryOn.GrpcResourceExhausted,
        "unavailable" => RetryOn.GrpcUnavailable,
        _ => null,
    };

    private static void AddStatus(ulong code, RetryPolicyConfig policy, WalkReport report)
    {
        if (code is < 100 or > 599)
        {
            report.Add("retriable_status_codes", $"{code} is not a status code");
            return;
        }

        policy.RetriableStatusCodes.Add((int)code);
    }

    private static void BackOff(ReadOnlySpan<byte> bytes, RetryPolicyConfig policy, WalkReport report)
    {
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            if (field.Number == 1) policy.BackOffBase = CommonReader.PositiveDuration(field, "base_interval", report);
            else if (field.Number == 2) policy.BackOffMax = CommonReader.PositiveDuration(field, "max_interval", report);
        }

        if (!policy.BackOffBase.IsSet) report.Add("base_interval", "is required");
        else if (policy.BackOffMax.IsSet && policy.BackOffMax.Ticks < policy.BackOffBase.Ticks) report.Add("max_interval", "must not be less than base_interval");
    }
}
