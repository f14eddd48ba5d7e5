using System;
using System.Text;

namespace Weft.Http.Http1;

/// <summary>
/// Reads the fields that concern framing and this hop, decides framing and persistence (RFC 9112 §6, §9) and drops what must not travel
/// further. Pure. Ambiguity is refused even where the RFC offers a repair.
/// </summary>
internal static class Http1Framing
{
    /// <summary>All that is known of the hop after one pass over the fields.</summary>
    private struct Hop
    {
        public int Host;
        public int ContentLength;
        public int TransferEncoding;
        public bool Close;
        public bool KeepAlive;
        public bool NominatesUpgrade;
        public int Upgrade;
        public bool Expects;
    }

    /// <summary>Completes a request head whose start line and fields are parsed.</summary>
    public static Http1Fault DecideRequest(ref Http1Head head, in Http1Limits limits)
    {
        Http1Fault fault = ReadHop(ref head, out Hop hop);
        if (fault == Http1Fault.None) fault = DecideHost(ref head, hop.Host);
        if (fault == Http1Fault.None) fault = ReadLengths(ref head, hop);
        if (fault != Http1Fault.None) return fault;

        head.Framing = hop.TransferEncoding >= 0 ? BodyFraming.Chunked : head.ContentLength >= 0 ? BodyFraming.Length : BodyFraming.None;
        if (head.ContentLength > limits.MaxBodyBytes) return Http1Fault.BodyTooLarge;
        if (head.Method == KnownMethod.Connect && (head.Framing == BodyFraming.Chunked || head.ContentLength > 0)) return Http1Fault.ForbiddenBody;
        head.KeepAlive = head.Version == HttpVersion.Http11 ? !hop.Close : hop.KeepAlive && !hop.Close;
        bool announcesBody = head.Framing == BodyFraming.Chunked || head.ContentLength > 0;
        head.ExpectsContinue = hop.Expects && announcesBody && head.Version == HttpVersion.Http11;
        if (hop.Upgrade >= 0 && hop.NominatesUpgrade && head.Version == HttpVersion.Http11) head.UpgradeProtocol = head.Headers.Value(hop.Upgrade);
        return Http1Fault.None;
    }

    /// <summary>Completes a response head. <paramref name="head"/>.Method is that of the request.</summary>
    public static Http1Fault DecideResponse(ref Http1Head head, in Http1Limits limits, bool upgradeOffered)
    {
        Http1Fault fault = ReadHop(ref head, out Hop hop);
        if (fault == Http1Fault.None) fault = ReadLengths(ref head, hop);
        if (fault != Http1Fault.None) return fault;

        if (head.Status == 101)
        {
            if (!upgradeOffered || hop.Upgrade < 0 || !hop.NominatesUpgrade) return Http1Fault.UnexpectedUpgrade;
            head.UpgradeProtocol = head.Headers.Value(hop.Upgrade);
        }

        bool bodyless = head.Status is < 200 or 204;
        // RFC 9112 §6.3 ignores framing fields here; a peer that sends them means something else by its bytes than we do. A zero length means the same to both.
        if (bodyless && (hop.TransferEncoding >= 0 || head.ContentLength > 0)) return Http1Fault.ForbiddenBody;
        if (bodyless && hop.ContentLength >= 0) head.Headers.DropAt(hop.ContentLength);
        bool tunnels = head.Method == KnownMethod.Connect && head.Status is >= 200 and < 300;
        head.Framing = bodyless || tunnels || head.Status == 304 || head.Method == KnownMethod.Head ? BodyFraming.None
            : hop.TransferEncoding >= 0 ? BodyFraming.Chunked
            : head.ContentLength >= 0 ? BodyFraming.Length
            : BodyFraming.UntilClose;
        if (head.Framing == BodyFraming.Length && head.ContentLength > limits.MaxBodyBytes) return Http1Fault.BodyTooLarge;
        head.KeepAlive = head.Framing != BodyFraming.UntilClose && !hop.Close && (head.Version == HttpVersion.Http11 || hop.KeepAlive);
        return Http1Fault.None;
    }

    private static Http1Fault ReadHop(ref Http1Head head, out Hop hop)
    {
        hop = new Hop { Host = -1, ContentLength = -1, TransferEncoding = -1, Upgrade = -1 };
        head.ContentLength = -1;
        HeaderBlock headers = head.Headers;
        for (int i = 0; i < headers.Count; i++)
        {
            KnownHeader known = headers.Known(i);
            if (known is KnownHeader.Other or > KnownHeader.Http2Settings) continue;
            Http1Fault fault = ReadField(ref head, ref hop, i, known);
            if (fault != Http1Fault.None) return fault;
        }

        return Http1Fault.None;
    }

    private static Http1Fault ReadField(ref Http1Head head, ref Hop hop, int index, KnownHeader known)
    {
        HeaderBlock headers = head.Headers;
        switch (known)
        {
            case KnownHeader.Host:
                if (hop.Host >= 0) return Http1Fault.DuplicateHost;
                hop.Host = index;
                return Http1Fault.None;
            case KnownHeader.ContentLength:
                if (hop.ContentLength >= 0) return Http1Fault.DuplicateContentLength;
                hop.ContentLength = index;
                return Http1Fault.None;
            case KnownHeader.TransferEncoding:
                if (hop.TransferEncoding >= 0) return Http1Fault.DuplicateTransferEncoding;
                hop.TransferEncoding = index;
                headers.DropAt(index);
                return Http1Fault.None;
            case KnownHeader.Connection:
                headers.DropAt(index);
                return ReadConnection(ref head, ref hop, headers.Value(index));
            case KnownHeader.Expect:
                headers.DropAt(index);
                if (head.Status != 0) return Http1Fault.None;
                if (!Ascii.EqualsIgnoreCase(headers.Value(index), "100-continue"u8)) return Http1Fault.UnsupportedExpectation;
                hop.Expects = true;
                return Http1Fault.None;
            case KnownHeader.Te:
                headers.DropAt(index);
                head.AcceptsTrailers |= Ascii.EqualsIgnoreCase(headers.Value(index), "trailers"u8);
                return Http1Fault.None;
            case KnownHeader.Upgrade:
                headers.DropAt(index);
                hop.Upgrade = index;
                return Http1Fault.None;
            case KnownHeader.KeepAlive or KnownHeader.ProxyConnection or KnownHeader.Http2Settings:
                headers.DropAt(index);
                return Http1Fault.None;
            default:
                return Http1Fault.None;
        }
    }

    /// <summary>Options are tokens; each also names a field of this hop (RFC 9110 §7.6.1).</summary>
    private static Http1Fault ReadConnection(ref Http1Head head, ref Hop hop, ReadOnlySpan<byte> value)
    {
        while (!value.IsEmpty)
        {
            int comma = value.IndexOf((byte)',');
            ReadOnlySpan<byte> option = HttpSyntax.TrimOws(comma < 0 ? value : value[..comma]);
            value = comma < 0 ? default : value[(comma + 1)..];
            if (option.IsEmpty) continue;
            if (Ascii.EqualsIgnoreCase(option, "close"u8)) hop.Close = true;
            else if (Ascii.EqualsIgnoreCase(option, "keep-alive"u8)) hop.KeepAlive = true;
            else if (Ascii.EqualsIgnoreCase(option, "upgrade"u8)) hop.NominatesUpgrade = true;
            else if (!HttpSyntax.IsToken(option)) return Http1Fault.InvalidConnection;
            else if (IsEndToEnd(KnownHeaders.Recognize(option))) return Http1Fault.ConnectionNominatesEndToEnd;
            else head.Headers.Drop(option);
        }

        return Http1Fault.None;
    }

    /// <summary>Letting a client strip these on our hop would let it choose what the next one believes (Envoy refuses the like).</summary>
    private static bool IsEndToEnd(KnownHeader header) => header switch
    {
        // Akamai and others nominate Transfer-Encoding, which belongs to the hop anyway and is never forwarded.
        KnownHeader.Other or KnownHeader.TransferEncoding or KnownHeader.Te or KnownHeader.Upgrade or KnownHeader.KeepAlive or KnownHeader.ProxyConnection
            or KnownHeader.Http2Settings or KnownHeader.Trailer => false,
        _ => true,
    };

    private static Http1Fault DecideHost(ref Http1Head head, int host)
    {
        if (host < 0)
        {
            return head.Version == HttpVersion.Http11 ? Http1Fault.MissingHost : Http1Fault.None;
        }

        ReadOnlySpan<byte> value = head.Headers.Value(host);
        if (!CanonicalAuthority.TryParse(value, out AuthorityParts parts)) return Http1Fault.InvalidHost;
        // RFC 9112 §3.2.2: an absolute target replaces Host, whatever Host says; the bytes upstream come from Authority alone.
        if (head.TargetForm is TargetForm.Origin or TargetForm.Asterisk)
        {
            head.Authority = value;
            head.AuthorityParts = parts;
        }

        head.Headers.DropAt(host);
        return Http1Fault.None;
    }

    private static Http1Fault ReadLengths(ref Http1Head head, in Hop hop)
    {
        if (hop.TransferEncoding >= 0)
        {
            if (hop.ContentLength >= 0) return Http1Fault.ContentLengthAndTransferEncoding;
            if (head.Version == HttpVersion.Http10) return Http1Fault.TransferEncodingInHttp10;
            return ReadTransferEncoding(head.Headers.Value(hop.TransferEncoding));
        }

        if (hop.ContentLength < 0) return Http1Fault.None;
        if ((head.Headers.Field(hop.ContentLength).Flags & HeaderFlags.Plain) == 0 && !IsTight(head.Headers, hop.ContentLength)) return Http1Fault.InvalidContentLength;
        if (!TryReadLength(head.Headers.Value(hop.ContentLength), out long length)) return Http1Fault.InvalidContentLength;
        head.ContentLength = length;
        return Http1Fault.None;
    }

    /// <summary>Content-Length may have one space after its colon or none, and nothing after the digits: peers disagree about the rest (attacks T04).</summary>
    private static bool IsTight(in HeaderBlock headers, int index)
    {
        ref readonly HeaderField field = ref headers.Field(index);
        int valueEnd = field.ValueStart + field.ValueLength;
        return field.ValueStart == field.NameStart + field.NameLength + 1 && headers.Bytes[valueEnd] == '\r';
    }

    /// <summary>Exactly "chunked". Other codings before it are beyond us (501); anything not ending in chunked has no knowable end (400).</summary>
    private static Http1Fault ReadTransferEncoding(ReadOnlySpan<byte> value)
    {
        if (Ascii.EqualsIgnoreCase(value, "chunked"u8)) return Http1Fault.None;
        int comma = value.LastIndexOf((byte)',');
        if (comma < 0) return Http1Fault.InvalidTransferEncoding;
        ReadOnlySpan<byte> last = HttpSyntax.TrimOws(value[(comma + 1)..]);
        ReadOnlySpan<byte> first = HttpSyntax.TrimOws(value[..comma]);
        bool known = Ascii.EqualsIgnoreCase(first, "gzip"u8) || Ascii.EqualsIgnoreCase(first, "deflate"u8) || Ascii.EqualsIgnoreCase(first, "compress"u8);
        return known && Ascii.EqualsIgnoreCase(last, "chunked"u8) ? Http1Fault.UnsupportedTransferEncoding : Http1Fault.InvalidTransferEncoding;
    }

    /// <summary>1*DIGIT without leading zeros (read as octal by some) and below 2^63.</summary>
    internal static bool TryReadLength(ReadOnlySpan<byte> digits, out long length)
    {
        length = 0;
        if (digits.IsEmpty || digits.Length > 19 || (digits.Length > 1 && digits[0] == '0')) return false;
        ulong value = 0;
        foreach (byte b in digits)
        {
            uint digit = (uint)(b - '0');
            if (digit > 9) return false;
            value = (value * 10) + digit;
        }

        length = (long)value;
        return value <= long.MaxValue;
    }
}
