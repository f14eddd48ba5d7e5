using System;
using Weft.Xds.Wire;
using Fields = Weft.Xds.Proto.Service.Discovery.V3.Resource;

namespace Weft.Xds.Delta;

/// <summary>discovery.v3.Resource, read in place.</summary>
public readonly ref struct DeltaResource
{
    private DeltaResource(string name, string version, ReadOnlySpan<byte> typeName, ReadOnlySpan<byte> message, bool hasMessage)
    {
        Name = name;
        Version = version;
        TypeName = typeName;
        Message = message;
        HasMessage = hasMessage;
    }

    public string Name { get; }

    public string Version { get; }

    /// <summary>Full name of the message in the Any.</summary>
    public ReadOnlySpan<byte> TypeName { get; }

    /// <summary>The value of the Any.</summary>
    public ReadOnlySpan<byte> Message { get; }

    /// <summary>False for a heartbeat, which only renews a time to live.</summary>
    public bool HasMessage { get; }

    public static bool TryRead(ReadOnlySpan<byte> bytes, out DeltaResource resource)
    {
        string name = "", version = "";
        ReadOnlySpan<byte> typeUrl = default, message = default;
        bool hasMessage = false, isMalformed = false;
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            switch (field.Number)
            {
                case Fields.NameFieldNumber: name = field.Text; break;
                case Fields.VersionFieldNumber: version = field.Text; break;
                case Fields.Resource_FieldNumber:
                    hasMessage = true;
                    AnyView.Read(field.Bytes, out typeUrl, out message, out isMalformed);
                    break;
            }
        }

        resource = new DeltaResource(name, version, AnyView.TypeName(typeUrl), message, hasMessage);
        return !reader.IsMalformed && !isMalformed;
    }
}
