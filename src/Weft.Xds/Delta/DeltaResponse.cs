using System;
using Weft.Xds.Wire;
using Fields = Weft.Xds.Proto.Service.Discovery.V3.DeltaDiscoveryResponse;

namespace Weft.Xds.Delta;

/// <summary>
/// The envelope of a DeltaDiscoveryResponse, read in place: no message graph is built, resources stay bytes (design section 4).
/// </summary>
public readonly ref struct DeltaResponse
{
    private readonly ReadOnlySpan<byte> _bytes;

    private DeltaResponse(ReadOnlySpan<byte> bytes, string typeUrl, string nonce, string systemVersion)
    {
        _bytes = bytes;
        TypeUrl = typeUrl;
        Nonce = nonce;
        SystemVersion = systemVersion;
    }

    public string TypeUrl { get; }

    public string Nonce { get; }

    /// <summary>system_version_info: in the weft dialect the digest, with a trailing + while more responses of the same push follow.</summary>
    public string SystemVersion { get; }

    /// <summary>False when the bytes are no such message.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out DeltaResponse response)
    {
        string typeUrl = "", nonce = "", systemVersion = "";
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            switch (field.Number)
            {
                case Fields.TypeUrlFieldNumber: typeUrl = field.Text; break;
                case Fields.NonceFieldNumber: nonce = field.Text; break;
                case Fields.SystemVersionInfoFieldNumber: systemVersion = field.Text; break;
            }
        }

        response = new DeltaResponse(bytes, typeUrl, nonce, systemVersion);
        return !reader.IsMalformed;
    }

    public ItemEnumerator Resources() => new(_bytes, Fields.ResourcesFieldNumber);

    /// <summary>Names, UTF-8.</summary>
    public ItemEnumerator RemovedResources() => new(_bytes, Fields.RemovedResourcesFieldNumber);

    /// <summary>The values of one repeated field.</summary>
    public ref struct ItemEnumerator
    {
        private readonly int _number;
        private WireReader _reader;

        internal ItemEnumerator(ReadOnlySpan<byte> bytes, int number)
        {
            _reader = new WireReader(bytes);
            _number = number;
            Current = default;
        }

        public ReadOnlySpan<byte> Current { get; private set; }

        public bool MoveNext()
        {
            while (_reader.TryRead(out var field))
            {
                if (field.Number != _number) continue;
                Current = field.Bytes;
                return true;
            }

            return false;
        }
    }
}
