using System;

namespace Weft.Xds.Wire;

/// <summary>google.protobuf.Any: type_url is field 1, value field 2.</summary>
internal static class AnyView
{
    public static void Read(ReadOnlySpan<byte> any, out ReadOnlySpan<byte> typeUrl, out ReadOnlySpan<byte> value, out bool isMalformed) =>
        MapEntry.Read(any, out typeUrl, out value, out isMalformed);

    /// <summary>The name of the type, without what is before the last slash.</summary>
    public static ReadOnlySpan<byte> TypeName(ReadOnlySpan<byte> typeUrl) => typeUrl[(typeUrl.LastIndexOf((byte)'/') + 1)..];
}
