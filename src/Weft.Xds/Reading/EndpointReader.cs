using System;
using Weft.Policy.Model;
using Weft.Xds.Wire;
using Assignment = Weft.Xds.Proto.Config.Endpoint.V3.ClusterLoadAssignment;
using Fields = Weft.Xds.Proto.Config.Endpoint.V3.LbEndpoint;
using Group = Weft.Xds.Proto.Config.Endpoint.V3.LocalityLbEndpoints;
using Place = Weft.Xds.Proto.Config.Core.V3.Locality;

namespace Weft.Xds.Reading;

/// <summary>ClusterLoadAssignment. Addresses are IP addresses: names are for a resolver that this proxy does not have on its data path.</summary>
internal static class EndpointReader
{
    public static EndpointSetConfig ClusterLoadAssignment(ReadOnlySpan<byte> bytes, WalkReport report)
    {
        var set = new EndpointSetConfig();
        var groups = 0;
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            switch (field.Number)
            {
                case Assignment.ClusterNameFieldNumber: set.Name = field.Text; break;
                case Assignment.EndpointsFieldNumber:
                    using (report.At("endpoints", groups++)) LocalityEndpoints(field.Bytes, set, report);
                    break;
                case Assignment.PolicyFieldNumber:
                    using (report.At("policy")) Policy(field.Bytes, set, report);
                    break;
            }
        }

        if (set.Name.Length == 0) report.Add("cluster_name", "must not be empty");
        CheckPriorities(set, report);
        return set;
    }

    private static void Policy(ReadOnlySpan<byte> bytes, EndpointSetConfig set, WalkReport report)
    {
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            if (field.Number != Assignment.Types.Policy.OverprovisioningFactorFieldNumber) continue;
            set.OverprovisioningFactor = CommonReader.Wrapped(field);
            if (set.OverprovisioningFactor == 0) report.Add("overprovisioning_factor", "must be greater than 0");
        }
    }

    private static void LocalityEndpoints(ReadOnlySpan<byte> bytes, EndpointSetConfig set, WalkReport report)
    {
        // The locality may come after its endpoints on the wire, so it is read first.
        var locality = Locality.None;
        uint weight = 0, priority = 0;
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            switch (field.Number)
            {
                case Group.LocalityFieldNumber: locality = ReadLocality(field.Bytes); break;
                case Group.LoadBalancingWeightFieldNumber: weight = CommonReader.Wrapped(field); break;
                case Group.PriorityFieldNumber: priority = field.UInt32; break;
            }
        }

        if (priority > 128) report.Add("priority", "must be at most 128");
        if (weight > 0) locality = locality with { Weight = weight };
        var count = 0;
        reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            if (field.Number != Group.LbEndpointsFieldNumber) continue;
            using var here = report.At("lb_endpoints", count++);
            var endpoint = LbEndpoint(field.Bytes, report);
            (endpoint.Locality, endpoint.Priority) = (locality, Math.Min(priority, 128));
            set.Endpoints.Add(endpoint);
        }
    }

    private static Locality ReadLocality(ReadOnlySpan<byte> bytes)
    {
        string region = "", zone = "", subZone = "";
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            switch (field.Number)
            {
                case Place.RegionFieldNumber: region = field.Text; break;
                case Place.ZoneFieldNumber: zone = field.Text; break;
                case Place.SubZoneFieldNumber: subZone = field.Text; break;
            }
        }

        return region.Length + zone.Length + subZone.Length == 0 ? Locality.None : new Locality(region, zone, subZone);
    }

    private static EndpointConfig LbEndpoint(ReadOnlySpan<byte> bytes, WalkReport report)
    {
        var endpoint = new EndpointConfig();
        var hasEndpoint = false;
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            switch (field.Number)
            {
                case Fields.EndpointFieldNumber:
                    hasEndpoint = true;
                    using (report.At("endpoint")) Endpoint(field.Bytes, endpoint, report);
                    break;
                // UNKNOWN=0, HEALTHY=1, UNHEALTHY=2, DRAINING=3, TIMEOUT=4, DEGRADED=5: Policy's order.
                case Fields.HealthStatusFieldNumber: endpoint.Health = (EndpointHealth)CommonReader.Enum(field, "health_status", 5, report); break;
                case Fields.LoadBalancingWeightFieldNumber:
                    endpoint.Weight = CommonReader.Wrapped(field);
                    if (endpoint.Weight == 0) report.Add("load_balancing_weight", "must be at least 1");
                    break;
                case Fields.MetadataFieldNumber:
                    MetadataReader.Origins(field.Bytes, endpoint.Origins);
                    MetadataReader.Pairs(MetadataReader.Struct(field.Bytes, "envoy.transport_socket_match"u8), endpoint.SocketMatch);
                    endpoint.Workload = MetadataReader.Text(MetadataReader.Struct(field.Bytes, "istio"u8), "workload"u8);
                    break;
            }
        }

        if (!hasEndpoint) report.Add("endpoint", "is required");
        return endpoint;
    }

    private static void Endpoint(ReadOnlySpan<byte> bytes, EndpointConfig endpoint, WalkReport report)
    {
        var hasAddress = false;
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            if (field.Number == 3) endpoint.Hostname = field.Text;
            if (field.Number != 1) continue;
            hasAddress = true;
            using (report.At("address")) endpoint.Address = CommonReader.Address(field, report);
        }

        if (!hasAddress) report.Add("address", "is required");
    }

    /// <summary>Envoy refuses a gap: the load of a missing priority would fall nowhere.</summary>
    private static void CheckPriorities(EndpointSetConfig set, WalkReport report)
    {
        Span<bool> isUsed = stackalloc bool[129];
        var highest = 0u;
        foreach (var endpoint in set.Endpoints)
        {
            isUsed[(int)endpoint.Priority] = true;
            highest = Math.Max(highest, endpoint.Priority);
        }

        for (var priority = 0; priority < highest; priority++)
        {
            if (isUsed[priority]) continue;
            report.Add("endpoints", $"priority {priority} is missing below priority {highest}");
            return;
        }
    }
}
