using System;
using System.Collections.Generic;
using Weft.Policy.Model;
using Weft.Xds.Wire;
using Host = Weft.Xds.Proto.Config.Route.V3.VirtualHost;
using Table = Weft.Xds.Proto.Config.Route.V3.RouteConfiguration;

namespace Weft.Xds.Reading;

/// <summary>RouteConfiguration and VirtualHost.</summary>
internal static class RouteTableReader
{
    public static RouteTableConfig RouteConfiguration(ReadOnlySpan<byte> bytes, WalkReport report)
    {
        var table = new RouteTableConfig();
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            switch (field.Number)
            {
                case Table.NameFieldNumber: table.Name = field.Text; break;
                case Table.VirtualHostsFieldNumber:
                    using (report.At("virtual_hosts", table.VirtualHosts.Count)) table.VirtualHosts.Add(VirtualHost(field.Bytes, report));
                    break;
                case Table.VhdsFieldNumber:
                    table.UsesVhds = true;
                    using (report.At("vhds")) Vhds(field.Bytes, report);
                    break;
                case Table.ValidateClustersFieldNumber: table.ValidateClusters = CommonReader.WrappedBool(field); break;
                case Table.IgnorePortInHostMatchingFieldNumber: table.IgnorePortInHostMatching = field.Bool; break;
                case Table.MostSpecificHeaderMutationsWinsFieldNumber: table.MostSpecificHeaderMutationsWins = field.Bool; break;
                case Table.MaxDirectResponseBodySizeBytesFieldNumber: table.MaxDirectResponseBodySizeBytes = CommonReader.Wrapped(field); break;
                case Table.MetadataFieldNumber:
                    MetadataReader.Origins(field.Bytes, table.Origins);
                    MetadataReader.MeshKey(field.Bytes, report);
                    break;
                case Table.RequestHeadersToAddFieldNumber:
                    using (report.At("request_headers_to_add", table.Headers.RequestAdd.Count)) table.Headers.RequestAdd.Add(HeaderOpsReader.Add(field.Bytes, report));
                    break;
                case Table.ResponseHeadersToAddFieldNumber:
                    using (report.At("response_headers_to_add", table.Headers.ResponseAdd.Count)) table.Headers.ResponseAdd.Add(HeaderOpsReader.Add(field.Bytes, report));
                    break;
                case Table.RequestHeadersToRemoveFieldNumber: HeaderOpsReader.Remove(field, "request_headers_to_remove", table.Headers.RequestRemove, report); break;
                case Table.ResponseHeadersToRemoveFieldNumber: HeaderOpsReader.Remove(field, "response_headers_to_remove", table.Headers.ResponseRemove, report); break;
            }
        }

        CheckHosts(table, report);
        return table;
    }

    public static VirtualHostConfig VirtualHost(ReadOnlySpan<byte> bytes, WalkReport report)
    {
        var host = new VirtualHostConfig();
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            switch (field.Number)
            {
                case Host.NameFieldNumber: host.Name = field.Text; break;
                case Host.DomainsFieldNumber: host.Domains.Add(field.Text); break;
                case Host.RoutesFieldNumber:
                    using (report.At("routes", host.Routes.Count)) host.Routes.Add(RouteReader.Route(field.Bytes, report));
                    break;
                case Host.RequireTlsFieldNumber: host.RequireTls = RequireTls(field, report); break;
                case Host.IncludeRequestAttemptCountFieldNumber: host.IncludeRequestAttemptCount = field.Bool; break;
                case Host.IncludeAttemptCountInResponseFieldNumber: host.IncludeAttemptCountInResponse = field.Bool; break;
                case Host.RetryPolicyFieldNumber:
                    using (report.At("retry_policy")) host.RetryPolicy = RetryPolicyReader.RetryPolicy(field.Bytes, report);
                    break;
                case Host.MetadataFieldNumber: MetadataReader.Origins(field.Bytes, host.Origins); break;
                case Host.RequestHeadersToAddFieldNumber:
                    using (report.At("request_headers_to_add", host.Headers.RequestAdd.Count)) host.Headers.RequestAdd.Add(HeaderOpsReader.Add(field.Bytes, report));
                    break;
                case Host.ResponseHeadersToAddFieldNumber:
                    using (report.At("response_headers_to_add", host.Headers.ResponseAdd.Count)) host.Headers.ResponseAdd.Add(HeaderOpsReader.Add(field.Bytes, report));
                    break;
                case Host.RequestHeadersToRemoveFieldNumber: HeaderOpsReader.Remove(field, "request_headers_to_remove", host.Headers.RequestRemove, report); break;
                case Host.ResponseHeadersToRemoveFieldNumber: HeaderOpsReader.Remove(field, "response_headers_to_remove", host.Headers.ResponseRemove, report); break;
            }
        }

        if (host.Name.Length == 0) report.Add("name", "must not be empty");
        if (host.Domains.Count == 0) report.Add("domains", "needs at least one");
        for (var i = 0; i < host.Domains.Count; i++) CheckDomain(host.Domains[i], i, report);
        return host;
    }

    /// <summary>TlsRequirementType NONE=0, EXTERNAL_ONLY=1, ALL=2.</summary>
    private static TlsRequirement RequireTls(in WireField field, WalkReport report) => (TlsRequirement)CommonReader.Enum(field, "require_tls", 2, report);

    private static void Vhds(ReadOnlySpan<byte> bytes, WalkReport report)
    {
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            if (field.Number != 1) continue;
            using (report.At("config_source")) CommonReader.ConfigSource(field, report);
            return;
        }

        report.Add("config_source", "is required");
    }

    /// <summary>One wildcard at most, at the start of a suffix or the end of a prefix.</summary>
    private static void CheckDomain(string domain, int index, WalkReport report)
    {
        using var here = report.At("domains", index);
        if (domain.Length == 0) report.Add("", "must not be empty");
        var star = domain.IndexOf('*', StringComparison.Ordinal);
        if (star < 0) return;
        var isEdge = star == 0 || star == domain.Length - 1;
        if (!isEdge || domain.LastIndexOf('*') != star) report.Add("", $"'{domain}' has a wildcard where none may be");
    }

    private static void CheckHosts(RouteTableConfig table, WalkReport report)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var domains = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < table.VirtualHosts.Count; i++)
        {
            var host = table.VirtualHosts[i];
            using var here = report.At("virtual_hosts", i);
            if (!names.Add(host.Name)) report.Add("name", $"'{host.Name}' is used twice");
            for (var d = 0; d < host.Domains.Count; d++)
            {
                if (domains.TryAdd(host.Domains[d], host.Name)) continue;
                using (report.At("domains", d)) report.Add("", $"'{host.Domains[d]}' is already a domain of virtual host {domains[host.Domains[d]]}");
            }
        }
    }
}
