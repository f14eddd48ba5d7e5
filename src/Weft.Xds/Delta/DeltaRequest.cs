using System.Collections.Generic;
using Weft.Xds.Wire;
using Fields = Weft.Xds.Proto.Service.Discovery.V3.DeltaDiscoveryRequest;

namespace Weft.Xds.Delta;

/// <summary>DeltaDiscoveryRequest, written by hand: a subscription change, an ACK or a NACK.</summary>
public sealed record DeltaRequest
{
    /// <summary>INVALID_ARGUMENT of google.rpc.Code.</summary>
    private const int InvalidArgument = 3;

    public required string TypeUrl { get; init; }

    /// <summary>core.v3.Node; empty on all but the first request of a stream.</summary>
    public byte[] Node { get; init; } = [];

    public IReadOnlyList<string> Subscribe { get; init; } = [];

    public IReadOnlyList<string> Unsubscribe { get; init; } = [];

    /// <summary>Name to version of what we hold; on the first request of a type on a stream only.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> InitialVersions { get; init; } = [];

    /// <summary>Of the response that this answers; empty for a spontaneous request.</summary>
    public string Nonce { get; init; } = "";

    /// <summary>Not empty: a NACK, and why.</summary>
    public string Error { get; init; } = "";

    public byte[] ToBytes()
    {
        var writer = new WireWriter();
        if (Node.Length > 0) writer.Bytes(Fields.NodeFieldNumber, Node);
        writer.Text(Fields.TypeUrlFieldNumber, TypeUrl);
        foreach (var name in Subscribe) writer.Bytes(Fields.ResourceNamesSubscribeFieldNumber, System.Text.Encoding.UTF8.GetBytes(name));
        foreach (var name in Unsubscribe) writer.Bytes(Fields.ResourceNamesUnsubscribeFieldNumber, System.Text.Encoding.UTF8.GetBytes(name));
        foreach (var (name, version) in InitialVersions) writer.Entry(Fields.InitialResourceVersionsFieldNumber, name, version);
        writer.Text(Fields.ResponseNonceFieldNumber, Nonce);
        if (Error.Length == 0) return writer.ToArray();
        var status = new WireWriter();
        status.Int32(1, InvalidArgument);
        status.Text(2, Error);
        writer.Message(Fields.ErrorDetailFieldNumber, status);
        return writer.ToArray();
    }
}
