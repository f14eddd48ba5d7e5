using System;
using System.Collections.Generic;
using Weft.Policy;
using Weft.Policy.Model;
using Weft.Xds.Wire;
using Meta = Weft.Xds.Proto.Config.Core.V3.Metadata;
using OriginFields = Weft.Xds.Proto.WeftV1.Origin;

namespace Weft.Xds.Reading;

/// <summary>core.v3.Metadata: provenance, and the few keys of Istio's that change what is done. Everything else is data for others.</summary>
internal static class MetadataReader
{
    private static ReadOnlySpan<byte> ProvenanceKey => "weft.dev/provenance"u8;

    private static ReadOnlySpan<byte> ProvenanceType => "weft.v1.Provenance"u8;

    public static void Origins(ReadOnlySpan<byte> metadata, List<Origin> into)
    {
        var reader = new WireReader(metadata);
        while (reader.TryRead(out var field))
        {
            if (field.Number != Meta.TypedFilterMetadataFieldNumber) continue;
            MapEntry.Read(field.Bytes, out var key, out var any, out _);
            if (!key.SequenceEqual(ProvenanceKey)) continue;
            AnyView.Read(any, out var typeUrl, out var value, out _);
            if (AnyView.TypeName(typeUrl).SequenceEqual(ProvenanceType)) Provenance(value, into);
        }
    }

    /// <summary>What keys the draws of the mesh, as weftd says it on listeners and route configurations.</summary>
    public static void MeshKey(ReadOnlySpan<byte> metadata, WalkReport report)
    {
        var key = Text(Struct(metadata, "weft.dev"u8), "mesh_key"u8);
        if (key.Length > 0) report.MeshKey = key;
    }

    /// <summary>filter_metadata under <paramref name="key"/>, or empty.</summary>
    public static ReadOnlySpan<byte> Struct(ReadOnlySpan<byte> metadata, ReadOnlySpan<byte> key)
    {
        var reader = new WireReader(metadata);
        while (reader.TryRead(out var field))
        {
            if (field.Number != Meta.FilterMetadataFieldNumber) continue;
            MapEntry.Read(field.Bytes, out var name, out var value, out _);
            if (name.SequenceEqual(key)) return value;
        }

        return default;
    }

    /// <summary>One text entry of a struct, or empty.</summary>
    public static string Text(ReadOnlySpan<byte> structure, ReadOnlySpan<byte> key)
    {
        var reader = new StructReader(structure);
        while (reader.TryRead(out var name, out var value))
        {
            if (name.SequenceEqual(key)) return value.Text;
        }

        return "";
    }

    /// <summary>All text entries of a struct, in wire order.</summary>
    public static void Pairs(ReadOnlySpan<byte> structure, List<KeyValuePair<string, string>> into)
    {
        var reader = new StructReader(structure);
        while (reader.TryRead(out var key, out var value))
        {
            into.Add(new KeyValuePair<string, string>(System.Text.Encoding.UTF8.GetString(key), value.Text));
        }

        into.Sort(static (a, b) => string.CompareOrdinal(a.Key, b.Key));
    }

    /// <summary>filter_metadata.istio of a cluster: the services it stands for, and the subset.</summary>
    public static void Istio(ReadOnlySpan<byte> metadata, ClusterConfig cluster)
    {
        var reader = new StructReader(Struct(metadata, "istio"u8));
        while (reader.TryRead(out var key, out var value))
        {
            if (key.SequenceEqual("subset"u8)) cluster.Subset = value.Text;
            else if (key.SequenceEqual("services"u8)) Services(value.List, cluster.Services);
        }
    }

    private static void Services(ReadOnlySpan<byte> list, List<ServiceMetadata> into)
    {
        var reader = new WireReader(list);
        while (reader.TryRead(out var field))
        {
            string host = "", name = "", ns = "";
            var service = new StructReader(StructValue.Read(field.Bytes).Structure);
            while (service.TryRead(out var key, out var value))
            {
                if (key.SequenceEqual("host"u8)) host = value.Text;
                else if (key.SequenceEqual("name"u8)) name = value.Text;
                else if (key.SequenceEqual("namespace"u8)) ns = value.Text;
            }

            into.Add(new ServiceMetadata(host, name, ns));
        }
    }

    private static void Provenance(ReadOnlySpan<byte> provenance, List<Origin> into)
    {
        var reader = new WireReader(provenance);
        while (reader.TryRead(out var field))
        {
            if (field.Number == 1) into.Add(One(field.Bytes));
        }
    }

    private static Origin One(ReadOnlySpan<byte> origin)
    {
        string aspect = "", kind = "", ns = "", name = "", path = "";
        var reader = new WireReader(origin);
        while (reader.TryRead(out var field))
        {
            switch (field.Number)
            {
                case OriginFields.AspectFieldNumber: aspect = field.Text; break;
                case OriginFields.KindFieldNumber: kind = field.Text; break;
                case OriginFields.NamespaceFieldNumber: ns = field.Text; break;
                case OriginFields.NameFieldNumber: name = field.Text; break;
                case OriginFields.FieldPathFieldNumber: path = field.Text; break;
            }
        }

        return new Origin(aspect, kind, ns, name, path);
    }
}
