using System;
using System.Collections.Immutable;
using System.Globalization;
using Weft.Config;
using Weft.Config.Networking;
using Weft.Control.Model;

namespace Weft.Control.FrontEnds;

/// <summary>Gateway (HTTP servers) → <see cref="GatewayServers"/>. Pure.</summary>
internal static class GatewayFrontEnd
{
    public static GatewayServers Read(Resource<Gateway> resource)
    {
        Origin origin = new("", resource.Kind, resource.Namespace, resource.Name, "");
        ImmutableArray<GatewayServer>.Builder servers = ImmutableArray.CreateBuilder<GatewayServer>();
        foreach (Server server in resource.Spec.Servers)
        {

            // A server with a tls block (termination, passthrough, httpsRedirect) is never opened as plain HTTP in its place: the reader refused or reported it.
            if (server.Tls is not null || PortProtocols.Parse(server.Port.Protocol) != PortProtocol.Http)
            {
                continue;
            }

            servers.Add(new GatewayServer(
                (int)server.Port.Number,
                ReadHosts(server, resource.Namespace),
                origin.At(string.Create(CultureInfo.InvariantCulture, $"spec.servers[{server.Index}]"))));
        }

        return new GatewayServers
        {
            Namespace = resource.Namespace,
            Name = resource.Name,
            Selector = resource.Spec.Selector.ToImmutableSortedDictionary(StringComparer.Ordinal),
            Servers = servers.ToImmutable(),
            Created = resource.Metadata.CreationTimestamp ?? DateTimeOffset.MinValue,
            Origin = origin,
        };
    }

    private static ImmutableArray<GatewayHost> ReadHosts(Server server, string gatewayNamespace)
    {
        ImmutableArray<GatewayHost>.Builder hosts = ImmutableArray.CreateBuilder<GatewayHost>(server.Hosts.Count);
        foreach (string text in server.Hosts)
        {
            int slash = text.IndexOf('/', StringComparison.Ordinal);
            string scope = slash < 0 ? "*" : text[..slash];
            string host = (slash < 0 ? text : text[(slash + 1)..]).ToLowerInvariant();
            hosts.Add(new GatewayHost(scope switch { "." => gatewayNamespace, _ => scope }, host));
        }

        return hosts.ToImmutable();
    }
}
