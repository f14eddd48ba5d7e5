using System.Collections.Generic;
using System.Linq;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Weft.Control.Model;
using Weft.Xds.Proto.Config.Core.V3;
using Weft.Xds.Proto.WeftV1;
using Origin = Weft.Control.Model.Origin;

namespace Weft.Control.Derivation;

/// <summary>Metadata beside resources: provenance and the mesh key for weft-proxy, Istio's words for everybody else.</summary>
internal sealed class MetadataWriter(Dialect dialect, MeshSettings settings)
{
    private const string ProvenanceKey = "weft.dev/provenance";

    /// <summary>Provenance of a thing; null in dialects that do not carry it.</summary>
    public Metadata? Origins(params IEnumerable<Origin?> origins) => dialect == Dialect.Weft ? WithOrigins(new Metadata(), origins) : null;

    /// <summary>Provenance and the key that makes draws differ between meshes and reproducible within one (design section 4).</summary>
    public Metadata? OriginsAndKey(params IEnumerable<Origin?> origins)
    {
        if (dialect != Dialect.Weft)
        {
            return null;
        }

        var metadata = new Metadata();
        metadata.FilterMetadata["weft.dev"] = new Struct { Fields = { ["mesh_key"] = Value.ForString(MeshKey(settings.TrustDomain)) } };
        return WithOrigins(metadata, origins);
    }

    public Metadata WithOrigins(Metadata metadata, IEnumerable<Origin?> origins)
    {
        if (dialect != Dialect.Weft)
        {
            return metadata;
        }

        var provenance = new Provenance();
        foreach (Origin origin in origins.Where(o => o is not null).Select(o => o!.Value).Distinct())
        {
            provenance.Origins.Add(new Xds.Proto.WeftV1.Origin
            {
                Aspect = origin.Aspect,
                Kind = origin.Kind,
                Namespace = origin.Namespace,
                Name = origin.Name,
                FieldPath = origin.FieldPath,
            });
        }

        if (provenance.Origins.Count > 0)
        {
            metadata.TypedFilterMetadata[ProvenanceKey] = Pack(provenance);
        }

        return metadata;
    }

    /// <summary>An Any without the reflection of Any.Pack.</summary>
    public static Any Pack(IMessage message) => new() { TypeUrl = XdsTypes.Prefix + message.Descriptor.FullName, Value = message.ToByteString() };

    private static string MeshKey(string trustDomain) =>
        System.Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes("weft mesh key " + trustDomain)))[..16];
}
