using System;
using System.Buffers.Binary;
using Weft.Policy;
using Weft.Policy.Model;
using Weft.Xds.Wire;
using Fields = Weft.Xds.Proto.Istio.Workloads.Workload;

namespace Weft.Xds.Reading;

/// <summary>istio.workload.Workload: who has an address.</summary>
internal static class WorkloadReader
{
    public static WorkloadConfig Workload(ReadOnlySpan<byte> bytes, WalkReport report)
    {
        var workload = new WorkloadConfig();
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            switch (field.Number)
            {
                case Fields.UidFieldNumber: workload.Uid = field.Text; break;
                case Fields.NameFieldNumber: workload.Name = field.Text; break;
                case Fields.NamespaceFieldNumber: workload.Namespace = field.Text; break;
                case Fields.AddressesFieldNumber: Address(field.Bytes, workload, report); break;
                case Fields.ServiceAccountFieldNumber: workload.ServiceAccount = field.Text; break;
                case Fields.TrustDomainFieldNumber: workload.TrustDomain = field.Text; break;
                case Fields.WorkloadNameFieldNumber: workload.WorkloadName = field.Text; break;
                case Fields.CanonicalNameFieldNumber: workload.CanonicalName = field.Text; break;
                case Fields.CanonicalRevisionFieldNumber: workload.CanonicalRevision = field.Text; break;
                case Fields.ClusterIdFieldNumber: workload.ClusterId = field.Text; break;
                case Fields.ExtensionsFieldNumber: Extension(field.Bytes, workload); break;
            }
        }

        if (workload.Uid.Length == 0) report.Add("uid", "must not be empty");
        return workload;
    }

    private static void Address(ReadOnlySpan<byte> bytes, WorkloadConfig workload, WalkReport report)
    {
        if (bytes.Length == 4) workload.Addresses.Add(IpAddress.FromV4(BinaryPrimitives.ReadUInt32BigEndian(bytes)));
        else if (bytes.Length == 16) workload.Addresses.Add(IpAddress.FromV6(bytes));
        else report.Add("addresses", $"has {bytes.Length} bytes: 4 or 16");
    }

    private static void Extension(ReadOnlySpan<byte> bytes, WorkloadConfig workload)
    {
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            if (field.Number != 2) continue;
            AnyView.Read(field.Bytes, out var typeUrl, out var value, out _);
            if (!AnyView.TypeName(typeUrl).SequenceEqual("weft.v1.WorkloadLabels"u8)) continue;
            var labels = new WireReader(value);
            while (labels.TryRead(out var label))
            {
                if (label.Number == 1) workload.App = label.Text;
                else if (label.Number == 2) workload.Version = label.Text;
            }
        }
    }
}
