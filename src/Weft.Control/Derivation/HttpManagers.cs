using System;
using Google.Protobuf.WellKnownTypes;
using Weft.Control.Model;
using Weft.Xds.Proto.Config.AccessLog.V3;
using Weft.Xds.Proto.Config.Core.V3;
using Weft.Xds.Proto.Config.Listener.V3;
using Weft.Xds.Proto.Config.Route.V3;
using Weft.Xds.Proto.Extensions.AccessLoggers.File.V3;
using Weft.Xds.Proto.Extensions.Filters.Http.Router.V3;
using Weft.Xds.Proto.Extensions.Filters.Network.HttpConnectionManager.V3;
using Weft.Xds.Proto.Extensions.Filters.Network.TcpProxy.V3;
using ForwardDetails = Weft.Xds.Proto.Extensions.Filters.Network.HttpConnectionManager.V3.HttpConnectionManager.Types.ForwardClientCertDetails;

namespace Weft.Control.Derivation;

/// <summary>Network filters: HTTP connection managers and TCP proxies (xds.md A.1, A.2, A.3). Pure.</summary>
internal sealed class HttpManagers(MeshSettings settings, Dialect dialect)
{
    private const string ManagerName = "envoy.filters.network.http_connection_manager";
    private const string TcpProxyName = "envoy.filters.network.tcp_proxy";

    public Filter Outbound(string statPrefix, string routeConfig)
    {
        HttpConnectionManager manager = Common(statPrefix);
        manager.UseRemoteAddress = false;
        manager.Rds = new Rds { RouteConfigName = routeConfig, ConfigSource = TlsContexts.FromAds() };
        return Pack(manager);
    }

    public Filter Inbound(string statPrefix, RouteConfiguration routes)
    {
        HttpConnectionManager manager = Common(statPrefix);
        manager.UseRemoteAddress = false;
        manager.RouteConfig = routes;
        manager.ServerName = "istio-envoy";
        manager.ForwardClientCertDetails = ForwardDetails.AppendForward;
        manager.SetCurrentClientCertDetails = new HttpConnectionManager.Types.SetCurrentClientCertDetails { Subject = true, Dns = true, Uri = true };
        return Pack(manager);
    }

    public Filter Gateway(string statPrefix, string routeConfig)
    {
        HttpConnectionManager manager = Common(statPrefix);
        manager.UseRemoteAddress = true;
        manager.Rds = new Rds { RouteConfigName = routeConfig, ConfigSource = TlsContexts.FromAds() };
        manager.ServerName = "istio-envoy";
        manager.ForwardClientCertDetails = ForwardDetails.SanitizeSet;
        manager.SetCurrentClientCertDetails = new HttpConnectionManager.Types.SetCurrentClientCertDetails { Subject = true, Cert = true, Dns = true, Uri = true };
        return Pack(manager);
    }

    public Filter Tcp(string cluster, string statPrefix, TimeSpan? idleTimeout = null)
    {
        var proxy = new TcpProxy
        {
            StatPrefix = statPrefix,
            Cluster = cluster,
            IdleTimeout = idleTimeout is { } time ? Duration.FromTimeSpan(time) : null,
        };
        if (AccessLogger() is { } log)
        {
            proxy.AccessLog.Add(log);
        }

        return new Filter { Name = TcpProxyName, TypedConfig = MetadataWriter.Pack(proxy) };
    }

    private HttpConnectionManager Common(string statPrefix)
    {
        var manager = new HttpConnectionManager
        {
            StatPrefix = statPrefix,
            StreamIdleTimeout = Duration.FromTimeSpan(TimeSpan.Zero),
            NormalizePath = true,
            PathWithEscapedSlashesAction = HttpConnectionManager.Types.PathWithEscapedSlashesAction.KeepUnchanged,
            Proxy100Continue = true,
            UpgradeConfigs = { new HttpConnectionManager.Types.UpgradeConfig { UpgradeType = "websocket" } },
            HttpFilters = { new HttpFilter { Name = "envoy.filters.http.router", TypedConfig = MetadataWriter.Pack(new Router()) } },
        };
        if (dialect == Dialect.Weft)
        {
            manager.HttpProtocolOptions = new Http1ProtocolOptions { AcceptHttp10 = true };
        }

        if (AccessLogger() is { } log)
        {
            manager.AccessLog.Add(log);
        }

        return manager;
    }

    private AccessLog? AccessLogger() => settings.AccessLogPath.Length == 0
        ? null
        : new AccessLog { Name = "envoy.access_loggers.file", TypedConfig = MetadataWriter.Pack(new FileAccessLog { Path = settings.AccessLogPath }) };

    private static Filter Pack(HttpConnectionManager manager) => new() { Name = ManagerName, TypedConfig = MetadataWriter.Pack(manager) };
}
