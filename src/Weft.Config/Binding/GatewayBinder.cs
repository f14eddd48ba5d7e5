using System;
using System.Collections.Generic;
using System.Linq;
using Weft.Config.Networking;

namespace Weft.Config;

/// <summary>Gateway, whole schema, with the rules of Istio's webhook.</summary>
internal static class GatewayBinder
{
    private static readonly string[] Protocols = ["HTTP", "HTTPS", "GRPC", "GRPC-WEB", "HTTP2", "MONGO", "TCP", "TLS", "UDP", "REDIS", "MYSQL", "HTTP_PROXY"];

    internal static Gateway Bind(FieldReader r)
    {
        var portNames = new HashSet<string>(StringComparer.Ordinal);
        var gateway = new Gateway { Selector = r.StringMap("selector"), Servers = r.List("servers", s => Server(s, portNames)) };
        if (r.Node["servers"] is not { Kind: NodeKind.Sequence, Items.Count: > 0 })
        {
            r.Missing("servers");
        }

        return gateway;
    }

    internal static Server? Server(FieldReader r) => Server(r, []);

    private static Server? Server(FieldReader r, HashSet<string> portNames)
    {
        bool isUnix = r.Node["bind"]?.Text.StartsWith("unix://", StringComparison.Ordinal) == true;
        var server = new Server
        {
            Index = r.Index,
            Port = r.Object("port", p => Port(p, isUnix)) ?? new Port(),
            Bind = r.String("bind"),
            Hosts = r.Strings("hosts", static (reader, field, host) => Host(reader, field, host)),
            Tls = r.Object("tls", ServerTlsBinder.Settings),
            DefaultEndpoint = r.String("defaultEndpoint"),
            Name = r.String("name"),
        };
        if (r.Node["hosts"] is not { Kind: NodeKind.Sequence, Items.Count: > 0 })
        {
            r.FieldError("hosts", "A server needs at least one host: server config must contain at least one host.", DiagnosticCodes.Required);
        }

        if (!r.Has("port"))
        {
            r.Missing("port");
        }

        if (r.Node["port"]?["name"]?.Text is { Length: > 0 } name && !portNames.Add(name))
        {
            r.FieldError("port", $"port names in servers must be unique: duplicate name {name}.");
        }

        Bind(r, server, isUnix);
        TlsRules(r);
        bool isLeftOut = r.HasUnhonoured && server.Port.Protocol.Length == 0;
        return isLeftOut ? null : server;
    }

    internal static Port Port(FieldReader r, bool isUnix)
    {
        var port = new Port
        {
            Number = r.UInt32("number", 65535) ?? 0,
            Protocol = Protocol(r),
            Name = r.RequiredString("name"),
            TargetPort = r.UInt32("targetPort", 65535),
        };
        if (!r.Has("protocol"))
        {
            r.FieldError("protocol", "protocol is required (invalid protocol \"\"); use HTTP, HTTPS, HTTP2, GRPC, TCP or TLS.", DiagnosticCodes.Required);
        }

        if (!isUnix && r.Node["number"] is null or { Text: "0" })
        {
            r.FieldError("number", "The port number must be between 1 and 65535 (port number).", DiagnosticCodes.Required);
        }

        if (r.Node["name"] is { Text.Length: 0 } or null)
        {
            r.FieldError("name", "A port name must not be empty (port name).", DiagnosticCodes.Required);
        }

        return port;
    }

    private static void Bind(FieldReader r, Server server, bool isUnix)
    {
        string bind = r.Node["bind"]?.Text ?? "";
        if (isUnix && r.Node["port"]?["number"]?.Text is not (null or "0"))
        {
            r.FieldError("port", "port number must be 0 for unix domain socket bind.");
        }
        else if (!isUnix && bind.Length > 0 && !HostRules.IsIp(bind))
        {
            r.FieldError("bind", $"{bind} is not a valid IP address; give an address of the gateway's pod, or unix:///path.");
        }

        if (server.DefaultEndpoint is { Length: > 0 })
        {
            r.FieldError("defaultEndpoint", "defaultEndpoint is for Sidecars, not for Gateways; remove it.");
        }
    }

    private static void Host(FieldReader r, FieldReader.Field field, string host)
    {
        int slash = host.IndexOf('/', StringComparison.Ordinal);
        string name = slash < 0 ? host : host[(slash + 1)..];
        string ns = slash < 0 ? "*" : host[..slash];
        if (ns is not ("*" or ".") && !Names.IsDnsLabel(ns))
        {
            r.Error(field, DiagnosticCodes.InvalidValue, $"invalid namespace value \"{ns}\" in gateway host; use a namespace, . (this one) or * (all).");
        }

        if (HostRules.IsIp(name))
        {
            return;
        }

        if (name.Length > 1 && name[0] == '*' && name[1] != '.')
        {
            r.Error(field, DiagnosticCodes.InvalidValue, $"partial wildcard \"{name}\" not allowed; write *.{name[1..].TrimStart('.')}");
        }
        else if (HostRules.WildcardDomain(name) is { } wrong)
        {
            r.Error(field, DiagnosticCodes.InvalidValue, wrong);
        }
        else if (name != "*" && !name.Contains('.', StringComparison.Ordinal))
        {
            r.Error(field, DiagnosticCodes.InvalidValue, $"short names (non FQDN) are not allowed: \"{name}\"; write the whole name, for example {name}.example.com.");
        }
    }

    private static void TlsRules(FieldReader r)
    {
        string protocol = (r.Node["port"]?["protocol"]?.Text ?? "").ToUpperInvariant();
        ResourceNode? tls = r.Node["tls"];
        bool redirects = tls?["httpsRedirect"]?.Text == "true";
        bool isTls = protocol is "HTTPS" or "TLS";
        if (isTls && tls is null or { IsNull: true })
        {
            r.FieldError("port", "server must have TLS settings for HTTPS/TLS protocols; add a tls block.", DiagnosticCodes.Required);
        }
        else if (!isTls && tls is { Kind: NodeKind.Mapping } && !redirects && tls["mode"] is not null && protocol.Length > 0)
        {
            r.FieldError("tls", "server cannot have TLS settings for non HTTPS/TLS ports; use protocol HTTPS or TLS.");
        }
        else if (isTls && redirects)
        {
            r.FieldWarning("tls", "tls.httpsRedirect should only be used with http servers.");
        }
    }

    /// <summary>A protocol word in any case, as written; empty when it is unknown or not honoured.</summary>
    private static string Protocol(FieldReader r)
    {
        if (r.Node["protocol"] is { Kind: NodeKind.String } written && !Protocols.Contains(written.Text, StringComparer.OrdinalIgnoreCase))
        {
            string? near = Suggestion.Nearest(written.Text, Protocols);
            r.Known("protocol");
            r.FieldError("protocol", $"invalid protocol \"{written.Text}\"; " + (near is null ? "use HTTP, HTTPS, HTTP2, GRPC, TCP or TLS." : $"did you mean {near}?"));
            return "";
        }

        return r.String("protocol") ?? "";
    }
}
