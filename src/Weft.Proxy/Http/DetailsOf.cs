using System;
using Weft.Http.Http1;
using Weft.Proxy.Respond;
using Weft.Telemetry;

namespace Weft.Proxy.Http;

/// <summary>Where the words of response_code_details come from, as a number that an exchange can keep.</summary>
internal enum DetailsOf : byte
{
    /// <summary>A local answer: its own words, or the name of the rule that was broken.</summary>
    Reply,
    ViaUpstream,
    ClientGone,
    TerminationAfterStart,
    ProtocolErrorAfterStart,
}

/// <summary>The words.</summary>
internal static class DetailsWords
{
    public static ReadOnlySpan<byte> Of(in ExchangeRecord record) => record.Details switch
    {
        DetailsOf.ViaUpstream => ResponseCodeDetails.ViaUpstream,
        DetailsOf.ClientGone => ResponseCodeDetails.DownstreamRemoteDisconnect,
        DetailsOf.TerminationAfterStart => ResponseCodeDetails.UpstreamTerminationAfterStart,
        DetailsOf.ProtocolErrorAfterStart => ResponseCodeDetails.UpstreamProtocolErrorAfterStart,
        _ when record.Fault != Http1Fault.None => Http1Faults.Utf8Name(record.Fault),
        _ => LocalReplies.Details(record.Reply),
    };
}
