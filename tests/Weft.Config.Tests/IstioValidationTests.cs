using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Weft.Config.Tests;

/// <summary>Istio's own validation tests as data (conformance/istio-validation): what its webhook accepts and refuses, for the kinds built here.</summary>
public sealed class IstioValidationTests
{
    private const string CannotCast = "a Go type error of the webhook's dispatch; a typed reader cannot be handed the wrong message";
    private const string NullElement = "a null element of match: the CRD's schema (items: object) refuses it before Istio's webhook sees it";

    /// <summary>Ids where we differ on purpose, with the reason.</summary>
    private static readonly Dictionary<string, string> Differences = new(StringComparer.Ordinal)
    {
        ["TestValidateGateway/invalid message"] = CannotCast,
        ["TestValidateTelemetry/invalid message"] = CannotCast,
        ["TestValidateWasmPlugin/invalid message"] = CannotCast,
        ["TestValidateTrafficExtension/invalid message"] = CannotCast,
        ["TestValidateK8sGateway/happy k8s gateway-api server with no attached routes"] =
            "~/host is for Gateways that Istio generates from the Gateway API inside itself; a person's Gateway with it is refused by Istio too (TestValidateGateway)",
        ["TestValidateHTTPDirectResponse/with string body"] = "extracted as Go's struct (specifier.string_), not as the API's JSON (string)",
        ["TestValidateHTTPDirectResponse/with bytes body"] = "extracted as Go's bytes; in the API's JSON bytes are base64",
        ["TestValidateHTTPRoute/match with nil element"] = NullElement,
        ["TestValidateHTTPRoute/valid mirror percentage"] = NullElement,
        ["TestValidateHTTPRoute/mirrors valid mirror percentage"] = NullElement,
    };

    private static readonly Dictionary<string, Func<FieldReader, object?>> Messages = new(StringComparer.Ordinal)
    {
        ["networking.Server"] = GatewayBinder.Server,
        ["networking.Port"] = r => GatewayBinder.Port(r, isUnix: false),
        ["networking.ServerTLSSettings"] = ServerTlsBinder.Settings,
        ["networking.CorsPolicy"] = HttpActionBinder.Cors,
        ["networking.HTTPFaultInjection_Abort"] = HttpFaultBinder.Abort,
        ["networking.HTTPFaultInjection_Delay"] = HttpFaultBinder.Delay,
        ["networking.HTTPRetry"] = HttpActionBinder.Retry,
        ["networking.HTTPRewrite"] = HttpActionBinder.Rewrite,
        ["networking.RegexRewrite"] = HttpActionBinder.RegexRewrite,
        ["networking.HTTPRedirect"] = HttpActionBinder.Redirect,
        ["networking.HTTPDirectResponse"] = HttpActionBinder.DirectResponse,
        ["networking.Destination"] = VirtualServiceBinder.Destination,
        ["networking.HTTPRoute"] = HttpRouteBinder.Route,
        ["networking.TrafficPolicy"] = TrafficPolicyBinder.Policy,
        ["networking.ConnectionPoolSettings"] = TrafficPolicyBinder.Pool,
        ["networking.LoadBalancerSettings"] = LoadBalancerBinder.Settings,
        ["networking.OutlierDetection"] = TrafficPolicyBinder.Outlier,
    };

    private static readonly string[] Kinds = ["VirtualService", "DestinationRule", "Gateway", "PeerAuthentication"];

    [Fact]
    public void IstioWebhook_EveryCaseOfTheKindsBuiltHere_IsAcceptedOrRefusedAlike()
    {
        string path = SharedData.Require("conformance/istio-validation/cases.json");
        ResourceNode root = JsonReader.Read(File.ReadAllBytes(path), null).Documents.Single();
        var wrong = new List<string>();
        int run = 0;
        foreach (ResourceNode test in root["cases"]!.Items)
        {
            if (Run(test) is not { } problems)
            {
                continue;
            }

            run++;
            string id = test["id"]!.Text;
            string? complaint = Judge(test, problems);
            if (complaint is null && Differences.ContainsKey(id))
            {
                wrong.Add($"{id} is listed as a difference and is none; take it off the list");
            }
            else if (complaint is not null && !Differences.ContainsKey(id))
            {
                wrong.Add($"{id}: {complaint}\n    {string.Join("\n    ", problems)}");
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {run} differ:\n" + string.Join("\n", wrong));
        Assert.True(run > 250, $"only {run} cases were run");
    }

    [Fact]
    public void IstioWebhook_EveryCaseOfNamesListsAndNumbers_IsAcceptedOrRefusedAlike()
    {
        string path = SharedData.Require("conformance/istio-validation/cases.json");
        ResourceNode root = JsonReader.Read(File.ReadAllBytes(path), null).Documents.Single();
        var wrong = new List<string>();
        int run = 0;
        foreach (ResourceNode test in root["cases"]!.Items)
        {
            if (test["input"] is not { } input || Check(test, input) is not { } accepted)
            {
                continue;
            }

            run++;
            // The header value table has the Go error it expects in place of a boolean: an errors.New call, or nothing (also as false).
            bool isValid = test["id"]!.Text.StartsWith("TestValidateHTTPHeaderValue", StringComparison.Ordinal)
                ? test["valid"]!.Kind != NodeKind.Mapping
                : test["valid"]!.Text == "true";
            if (accepted != isValid)
            {
                wrong.Add($"{test["id"]!.Text}: {System.Text.Encoding.UTF8.GetString(ResourceJson.ToBytes(input))} was {(accepted ? "accepted" : "refused")}");
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {run} differ:\n" + string.Join("\n", wrong));
        Assert.True(run > 45, $"only {run} cases were run");
    }

    private static bool? Check(ResourceNode test, ResourceNode input)
    {
        string id = test["id"]!.Text;
        switch (id.Split('/')[0])
        {
            case "TestStrictValidateHTTPHeaderName":
                return HeaderRules.StrictName(input.Text) is null;
            case "TestValidateHTTPHeaderName":
                return HeaderRules.MatchName(input.Text) is null;
            case "TestValidateHTTPHeaderValue":
                return HeaderRules.Value(input.Text) is null;
            case "TestValidatePortName":
                return input.Text.Length > 0 && Names.IsDnsLabel(input.Text);
            case "TestValidateHTTPStatus":
                return Accepts(HttpActionBinder.DirectResponse, ResourceNode.Mapping(("status", input)));
            case "TestValidateRouteDestination":
                return Accepts(HttpRouteBinder.Route, ResourceNode.Mapping(("route", input)));
            case "Test_validateExportTo" when test["isServiceEntry"]?.Text != "true" && test["isDestinationRuleWithSelector"]?.Text != "true":
                return HostRules.ExportTo([.. input.Items.Select(i => i.Text)], test["namespace"]!.Text) is null;
            case "Test_validateExportTo" when test["isDestinationRuleWithSelector"]?.Text == "true":
                return Bind(
                    ResourceNode.Mapping(("spec", ResourceNode.Mapping(
                        ("host", "a"), ("exportTo", input), ("workloadSelector", ResourceNode.Mapping(("matchLabels", ResourceNode.Mapping(("a", "b")))))))),
                    Config.Kinds.DestinationRule).All(p => p.Severity != DiagnosticSeverity.Error);
            default:
                return null;
        }
    }

    private static bool Accepts(Func<FieldReader, object?> bind, ResourceNode input) => BindMessage(input, bind).All(p => p.Severity != DiagnosticSeverity.Error);

    private static string? Judge(ResourceNode test, List<Diagnostic> problems)
    {
        bool isValid = test["valid"]!.Text == "true";
        bool accepted = problems.All(p => p.Severity != DiagnosticSeverity.Error);
        if (isValid != accepted)
        {
            return isValid ? "should be accepted" : "should be refused";
        }

        string text = string.Join("\n", problems);
        foreach (string field in (string[])["errorContains", "warningContains"])
        {
            if (test[field] is { Kind: NodeKind.String } wanted && !text.Contains(wanted.Text, StringComparison.OrdinalIgnoreCase))
            {
                return $"should say \"{wanted.Text}\"";
            }
        }

        return test["warns"]?.Text == "true" && problems.Count == 0 ? "should warn" : null;
    }

    private static List<Diagnostic>? Run(ResourceNode test)
    {
        if (test["manifest"] is { Kind: NodeKind.Mapping } manifest)
        {
            string kind = manifest["kind"]!.Text;
            return Kinds.Contains(kind) ? Bind(manifest, Config.Kinds.All.First(k => k.Kind == kind && k.IsIstio)) : null;
        }

        string message = test["message"] is { Kind: NodeKind.String } named ? named.Text : "";
        return test["input"] is { Kind: NodeKind.Mapping } input && Messages.TryGetValue(message, out Func<FieldReader, object?>? bind)
            ? BindMessage(input, bind)
            : null;
    }

    private static List<Diagnostic> Bind(ResourceNode manifest, KindInfo kind)
    {
        var context = new BindContext { Kind = kind, IsFile = true, HonoursAll = true, Key = new ObjectKey(kind.Group, kind.Kind, "default", "x") };
        var root = new FieldReader(context, manifest, "", "", 1, 1, isSilent: false);
        root.Known("apiVersion", "kind", "metadata");
        KindBinders.Bind(root, kind, kind.ApiVersion, new ObjectMeta(), manifest, null);
        return context.Problems;
    }

    private static List<Diagnostic> BindMessage(ResourceNode input, Func<FieldReader, object?> bind)
    {
        var context = new BindContext { Kind = Config.Kinds.VirtualService, IsFile = true, HonoursAll = true };
        var reader = new FieldReader(context, input, "input", "input", 1, 1, isSilent: false);
        bind(reader);
        reader.Done();
        return context.Problems;
    }
}
