using System;
using System.Security.Cryptography;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Weft.Control.Derivation;

/// <summary>
/// One resource, serialised once: every proxy that needs it is sent these bytes. Immutable; equal bytes have equal versions.
/// </summary>
public sealed class XdsResource
{
    private XdsResource(string typeUrl, string name, ByteString bytes)
    {
        Name = name;
        Any = new Any { TypeUrl = typeUrl, Value = bytes };
        Version = Convert.ToHexStringLower(SHA256.HashData(bytes.Span).AsSpan(0, 16));
    }

    public string Name { get; }

    /// <summary>First 32 hex digits of the SHA-256 of the bytes.</summary>
    public string Version { get; }

    public string TypeUrl => Any.TypeUrl;

    /// <summary>Shared: never to be changed.</summary>
    public Any Any { get; }

    /// <summary>
    /// Serialises a message. Map fields keep the order in which they were filled, so a generator that fills them in a fixed order makes the same bytes every time.
    /// </summary>
    public static XdsResource Of(string name, IMessage message) =>
        new(XdsTypes.Prefix + message.Descriptor.FullName, name, message.ToByteString());
}
