using System;
using System.Linq;
using Weft.Config.Networking;

namespace Weft.Config;

/// <summary>TrafficPolicy and its blocks (load balancing has its own file).</summary>
internal static class TrafficPolicyBinder
{
    private static readonly WordTable<H2UpgradePolicy> Upgrades = new(
        ("DEFAULT", H2UpgradePolicy.Default), ("DO_NOT_UPGRADE", H2UpgradePolicy.DoNotUpgrade), ("UPGRADE", H2UpgradePolicy.Upgrade));

    private static readonly WordTable<ClientTlsMode> Modes = new(
        ("DISABLE", ClientTlsMode.Disable), ("SIMPLE", ClientTlsMode.Simple), ("MUTUAL", ClientTlsMode.Mutual), ("ISTIO_MUTUAL", ClientTlsMode.IstioMutual));

    private static readonly string[] Blocks =
        ["loadBalancer", "connectionPool", "outlierDetection", "tls", "portLevelSettings", "tunnel", "proxyProtocol", "retryBudget"];

    internal static TrafficPolicy Policy(FieldReader r)
    {
        var policy = new TrafficPolicy
        {
            LoadBalancer = r.Object("loadBalancer", LoadBalancerBinder.Settings),
            ConnectionPool = r.Object("connectionPool", Pool),
            OutlierDetection = r.Object("outlierDetection", Outlier),
            Tls = r.Object("tls", Tls),
            PortLevelSettings = r.List("portLevelSettings", PortPolicy),
            Tunnel = r.Object("tunnel", Tunnel),
            ProxyProtocol = r.Object("proxyProtocol", p => p.String("version")),
            RetryBudget = r.Object("retryBudget", b => new RetryBudget
            {
                Percent = b.Double("percent", 0, 100),
                MinRetryConcurrency = b.UInt32("minRetryConcurrency"),
                BudgetInterval = b.Duration("budgetInterval", allowsZero: true),
            }),
        };
        if (!Blocks.Any(r.Has))
        {
            r.Error("A traffic policy must have at least one field.", DiagnosticCodes.Required);
        }

        return policy;
    }

    internal static ConnectionPoolSettings Pool(FieldReader r)
    {
        var pool = new ConnectionPoolSettings { Tcp = r.Object("tcp", Tcp), Http = r.Object("http", Http) };
        if (!r.Has("tcp") && !r.Has("http"))
        {
            r.Error("A connection pool must have at least one of tcp and http.", DiagnosticCodes.Required);
        }

        return pool;
    }

    internal static OutlierDetection Outlier(FieldReader r)
    {
        var outlier = new OutlierDetection
        {
            Consecutive5xxErrors = r.UInt32("consecutive5xxErrors"),
            ConsecutiveGatewayErrors = r.UInt32("consecutiveGatewayErrors"),
            ConsecutiveLocalOriginFailures = r.UInt32("consecutiveLocalOriginFailures"),
            SplitExternalLocalOriginErrors = r.Bool("splitExternalLocalOriginErrors"),
            ConsecutiveErrors = r.Int32("consecutiveErrors"),
            Interval = r.Duration("interval"),
            BaseEjectionTime = r.Duration("baseEjectionTime"),
            MaxEjectionPercent = r.Int32("maxEjectionPercent", 0, 100),
            MinHealthPercent = r.Int32("minHealthPercent", 0, 100),
            HttpErrorCodes = r.UInt32s("outlierDetectionHttpErrorCodes", 100, 599),
        };
        if (r.Has("consecutiveErrors"))
        {
            r.FieldWarning("consecutiveErrors", "consecutiveErrors is deprecated; use consecutive5xxErrors or consecutiveGatewayErrors.", DiagnosticCodes.Deprecated);
        }

        if (r.Node["consecutiveLocalOriginFailures"] is { Text: not "0" } && r.Node["splitExternalLocalOriginErrors"]?.Text != "true")
        {
            r.FieldError("consecutiveLocalOriginFailures", "consecutiveLocalOriginFailures needs splitExternalLocalOriginErrors: true.");
        }

        return outlier;
    }

    private static PortTrafficPolicy PortPolicy(FieldReader r)
    {
        if (!r.Has("port"))
        {
            r.Missing("port");
        }

        return new PortTrafficPolicy
        {
            Port = r.Object("port", VirtualServiceBinder.PortSelector)?.Number ?? 0,
            LoadBalancer = r.Object("loadBalancer", LoadBalancerBinder.Settings),
            ConnectionPool = r.Object("connectionPool", Pool),
            OutlierDetection = r.Object("outlierDetection", Outlier),
            Tls = r.Object("tls", Tls),
        };
    }

    private static TcpSettings Tcp(FieldReader r) => new()
    {
        MaxConnections = r.Int32("maxConnections", 0),
        ConnectTimeout = r.Duration("connectTimeout"),
        TcpKeepalive = r.Object("tcpKeepalive", k => new TcpKeepalive { Probes = k.UInt32("probes"), Time = k.Duration("time"), Interval = k.Duration("interval") }),
        MaxConnectionDuration = r.Duration("maxConnectionDuration"),
        IdleTimeout = r.Duration("idleTimeout", allowsZero: true),
    };

    private static HttpSettings Http(FieldReader r)
    {
        (TimeSpan? interval, TimeSpan? timeout) = (null, null);
        r.Object<object>("http2KeepAlive", k =>
        {
            interval = k.Duration("interval");
            timeout = k.Duration("timeout");
            foreach (string name in (ReadOnlySpan<string>)["interval", "timeout"])
            {
                if (!k.Has(name))
                {
                    k.Missing(name);
                }
            }

            return null;
        });
        var http = new HttpSettings
        {
            Http1MaxPendingRequests = r.Int32("http1MaxPendingRequests", 0),
            Http2MaxRequests = r.Int32("http2MaxRequests", 0),
            MaxRequestsPerConnection = r.Int32("maxRequestsPerConnection", 0),
            MaxRetries = r.Int32("maxRetries", 0),
            IdleTimeout = r.Duration("idleTimeout"),
            H2UpgradePolicy = r.Word("h2UpgradePolicy", Upgrades),
            UseClientProtocol = r.Bool("useClientProtocol"),
            MaxConcurrentStreams = r.Int32("maxConcurrentStreams", 0),
            Http2KeepAliveInterval = interval,
            Http2KeepAliveTimeout = timeout,
        };
        if (r.Node["h2UpgradePolicy"]?.Text == "UPGRADE" && r.Node["useClientProtocol"]?.Text == "true")
        {
            r.FieldError("useClientProtocol", "use client protocol must not be true when H2UpgradePolicy is UPGRADE.");
        }

        return http;
    }

    private static ClientTlsSettings Tls(FieldReader r)
    {
        var tls = new ClientTlsSettings
        {
            Mode = r.Word("mode", Modes),
            ClientCertificate = r.String("clientCertificate"),
            PrivateKey = r.String("privateKey"),
            CaCertificates = r.String("caCertificates"),
            CaCrl = r.String("caCrl"),
            CredentialName = r.String("credentialName"),
            SubjectAltNames = r.Strings("subjectAltNames"),
            Sni = r.String("sni"),
            InsecureSkipVerify = r.Bool("insecureSkipVerify"),
        };
        string mode = r.Node["mode"]?.Text ?? "";
        bool hasCredential = Text(r, "credentialName").Length > 0;
        if (r.Node["insecureSkipVerify"]?.Text == "true")
        {
            InsecureRules(r, mode);
        }

        if (mode == "MUTUAL" && !hasCredential)
        {
            foreach (string name in (ReadOnlySpan<string>)["clientCertificate", "privateKey"])
            {
                if (Text(r, name).Length == 0)
                {
                    r.FieldError(name, $"{name} is required for mutual TLS; or name a credentialName.", DiagnosticCodes.Required);
                }
            }
        }
        else if (hasCredential && (Text(r, "clientCertificate").Length > 0 || Text(r, "privateKey").Length > 0 || Text(r, "caCertificates").Length > 0))
        {
            r.FieldError("credentialName", "cannot specify client certificates or CA certificate if credentialName is set.");
        }

        return tls;
    }

    private static void InsecureRules(FieldReader r, string mode)
    {
        if (Text(r, "caCertificates").Length > 0 || (mode == "SIMPLE" && Text(r, "credentialName").Length > 0))
        {
            r.FieldError("insecureSkipVerify", "cannot specify CA certificates (or a credentialName) with insecureSkipVerify: there is nothing to verify.");
        }
        else if (r.Node["subjectAltNames"] is { Items.Count: > 0 })
        {
            r.FieldError("insecureSkipVerify", "cannot specify subjectAltNames with insecureSkipVerify: there is nothing to verify.");
        }
    }

    private static TunnelSettings Tunnel(FieldReader r)
    {
        var tunnel = new TunnelSettings
        {
            Protocol = r.String("protocol"),
            TargetHost = r.RequiredString("targetHost"),
            TargetPort = r.UInt32("targetPort", 65535) ?? 0,
        };
        if (tunnel.Protocol is not (null or "" or "CONNECT" or "POST"))
        {
            r.FieldError("protocol", "tunnel protocol must be CONNECT or POST.");
        }

        if (tunnel.TargetHost.Length > 0 && !HostRules.IsIp(tunnel.TargetHost) && HostRules.Fqdn(tunnel.TargetHost) is { } wrong)
        {
            r.FieldError("targetHost", wrong);
        }

        if (tunnel.TargetPort == 0)
        {
            r.FieldError("targetPort", "targetPort must be between 1 and 65535.", DiagnosticCodes.Required);
        }

        return tunnel;
    }

    private static string Text(FieldReader r, string name) => r.Node[name]?.Text ?? "";
}
