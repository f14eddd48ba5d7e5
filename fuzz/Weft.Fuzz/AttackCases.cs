using System;
using System.Collections.Generic;
using System.Linq;
using Weft.Http;
using Weft.Http.Http1;

namespace Weft.Fuzz;

/// <summary>The refusals of reference/attacks.md T01-T22 (requests) and T29-T31 (responses), each in every variant we know.</summary>
public static class AttackCases
{
    public static IReadOnlyList<AttackCase> All { get; } = [.. Requests(), .. Framing(), .. Chunks(), .. Responses()];

    public static IEnumerable<AttackCase> Of(string number) => All.Where(one => one.Number == number);

    public static AttackCase Named(string name) => All.Single(one => one.Name == name);

    private static string Get(string fields, string target = "/", string version = "HTTP/1.1") => $"GET {target} {version}\r\nHost: a\r\n{fields}\r\n";

    private static string Post(string fields, string body = "", string version = "HTTP/1.1") => $"POST / {version}\r\nHost: a\r\n{fields}\r\n{body}";

    private static string Chunked(string body) => Post("Transfer-Encoding: chunked\r\n", body);

    private static IEnumerable<AttackCase> Framing() =>
    [
        new("T01 length then chunked", Post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\nX"), Http1Fault.ContentLengthAndTransferEncoding),
        new("T01 chunked then length", Post("transfer-encoding: chunked\r\ncontent-length: 0\r\n", "0\r\n\r\n"), Http1Fault.ContentLengthAndTransferEncoding),
        new("T02 two lengths", Post("Content-Length: 5\r\nContent-Length: 6\r\n", "hello!"), Http1Fault.DuplicateContentLength),
        new("T02 two lengths apart", Post("Content-Length: 5\r\nX: y\r\ncontent-length: 0\r\n", "hello"), Http1Fault.DuplicateContentLength),
        new("T03 equal lengths", Post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello"), Http1Fault.DuplicateContentLength),
        .. new[] { "+5", "-5", " 5", "5 ", "\t5", "5\t", "0x5", "5,5", "5, 5", "", "99999999999999999999", "9223372036854775808", "18446744073709551621", "05", "5.0", "5e0", "\u00b2", "5;", "0_5" }
            .Select(value => new AttackCase($"T04 length '{Printable(value)}'", Post($"Content-Length: {value}\r\n", "hello"), Http1Fault.InvalidContentLength)),
        new("T05 xchunked", Post("Transfer-Encoding: xchunked\r\n"), Http1Fault.InvalidTransferEncoding),
        new("T05 chunked, identity", Post("Transfer-Encoding: chunked, identity\r\n"), Http1Fault.InvalidTransferEncoding),
        new("T05 identity", Post("Transfer-Encoding: identity\r\n"), Http1Fault.InvalidTransferEncoding),
        new("T05 empty", Post("Transfer-Encoding: \r\n"), Http1Fault.InvalidTransferEncoding),
        new("T05 quoted", Post("Transfer-Encoding: \"chunked\"\r\n"), Http1Fault.InvalidTransferEncoding),
        new("T05 parameter", Post("Transfer-Encoding: chunked;q=1\r\n"), Http1Fault.InvalidTransferEncoding),
        new("T05 leading comma", Post("Transfer-Encoding: ,chunked\r\n"), Http1Fault.InvalidTransferEncoding),
        new("T05 twice in one", Post("Transfer-Encoding: chunked, chunked\r\n"), Http1Fault.InvalidTransferEncoding),
        new("T05 vertical tab", Post("Transfer-Encoding: chunked\x0b\r\n"), Http1Fault.ControlCharacter),
        new("T05 duplicate", Post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), Http1Fault.DuplicateTransferEncoding),
        new("T05 duplicate identity", Post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"), Http1Fault.DuplicateTransferEncoding),
        new("T05 space before colon", Post("Transfer-Encoding : chunked\r\n"), Http1Fault.InvalidHeaderName),
        new("T05 gzip below chunked", Post("Transfer-Encoding: gzip, chunked\r\n"), Http1Fault.UnsupportedTransferEncoding),
        new("T06 chunked in 1.0", Post("Transfer-Encoding: chunked\r\n", "0\r\n\r\n", "HTTP/1.0"), Http1Fault.TransferEncodingInHttp10),
        new("T07 chunked not last", Post("Transfer-Encoding: chunked, gzip\r\n"), Http1Fault.InvalidTransferEncoding),
        new("T07 only gzip", Post("Transfer-Encoding: gzip\r\n"), Http1Fault.InvalidTransferEncoding),
        new("T26 unknown expectation", Post("Expect: y\r\nContent-Length: 1\r\n"), Http1Fault.UnsupportedExpectation),
        new("T26 expectation twice over", Post("Expect: 100-continue, 100-continue\r\nContent-Length: 1\r\n"), Http1Fault.UnsupportedExpectation),
        new("T26 connection nominates host", Get("Connection: close, Host\r\n"), Http1Fault.ConnectionNominatesEndToEnd),
        new("T26 connection nominates length", Post("Connection: Content-Length\r\nContent-Length: 5\r\n", "hello"), Http1Fault.ConnectionNominatesEndToEnd),
        new("T26 connection nominates forwarded-for", Get("X-Forwarded-For: 1.2.3.4\r\nConnection: keep-alive, x-forwarded-for\r\n"), Http1Fault.ConnectionNominatesEndToEnd),
        new("T26 connection is no token", Get("Connection: close;x\r\n"), Http1Fault.InvalidConnection),
    ];

    private static IEnumerable<AttackCase> Chunks() =>
    [
        .. new[] { "0x10", "+10", "-1", "_", "", "fffffffffffffffff", "00000000000000001", "8000000000000000", "ffffffffffffffff", " 5", "5 ", "\t5", "5\t", "g", "5h", "5 ;a", "\u0665" }
            .Select(size => new AttackCase($"T08 size '{Printable(size)}'", Chunked(Latin(size) + "\r\nhello\r\n0\r\n\r\n"), Http1Fault.InvalidChunkSize)),
        new("T09 bare LF in extension", Chunked("5;a\nhello\r\n0\r\n\r\n"), Http1Fault.BareLineFeed),
        new("T09 LF then CRLF", Chunked("2;\nxx\r\n45\r\n0\r\n\r\n"), Http1Fault.BareLineFeed),
        new("T09 bare CR in extension", Chunked("5;a\rb\r\nhello\r\n0\r\n\r\n"), Http1Fault.BareCarriageReturn),
        new("T09 NUL in extension", Chunked("5;a\0\r\nhello\r\n0\r\n\r\n"), Http1Fault.ControlCharacter),
        new("T09 long extension", Chunked("5;" + new string('a', 4200) + "\r\nhello\r\n0\r\n\r\n"), Http1Fault.ChunkExtensionTooLarge),
        new("T09 endless extension", Chunked("5;" + new string('a', 5000)), Http1Fault.ChunkExtensionTooLarge),
        new("T09 empty extension", Chunked("5;\r\nhello\r\n0\r\n\r\n"), Http1Fault.InvalidChunkExtension),
        new("T09 space in extension", Chunked("5;a b\r\nhello\r\n0\r\n\r\n"), Http1Fault.InvalidChunkExtension),
        new("T09 open quote", Chunked("5;a=\"b\r\nhello\r\n0\r\n\r\n"), Http1Fault.InvalidChunkExtension),
        new("T09 after the quote", Chunked("5;a=\"b\"c\r\nhello\r\n0\r\n\r\n"), Http1Fault.InvalidChunkExtension),
        new("T09 no value", Chunked("5;a=\r\nhello\r\n0\r\n\r\n"), Http1Fault.InvalidChunkExtension),
        new("T10 no terminator", Chunked("5\r\nhello0\r\n\r\n"), Http1Fault.MissingChunkTerminator),
        new("T10 LF terminator", Chunked("5\r\nhello\n0\r\n\r\n"), Http1Fault.MissingChunkTerminator),
        new("T10 CR alone", Chunked("5\r\nhello\rx0\r\n\r\n"), Http1Fault.MissingChunkTerminator),
        new("T10 data too long", Chunked("5\r\nhello!\r\n0\r\n\r\n"), Http1Fault.MissingChunkTerminator),
        new("T10 LF after size", Chunked("5\nhello\r\n0\r\n\r\n"), Http1Fault.BareLineFeed),
        new("T10 CR alone after size", Chunked("5\rhello\r\n0\r\n\r\n"), Http1Fault.BareCarriageReturn),
        new("T10 LF at the end", Chunked("0\r\n\n"), Http1Fault.BareLineFeed),
        new("T11 trailer content-length", Chunked("0\r\nContent-Length: 5\r\n\r\n"), Http1Fault.ForbiddenTrailer),
        new("T11 trailer transfer-encoding", Chunked("0\r\ntransfer-encoding: chunked\r\n\r\n"), Http1Fault.ForbiddenTrailer),
        new("T11 trailer without colon", Chunked("0\r\nGET / HTTP/1.1\r\n\r\n"), Http1Fault.MissingColon),
        new("T11 trailer folds", Chunked("0\r\nA: b\r\n c\r\n\r\n"), Http1Fault.ObsoleteFold),
        new("T11 too many", Chunked("0\r\n" + string.Concat(Enumerable.Repeat("A: b\r\n", 40)) + "\r\n"), Http1Fault.TooManyTrailers),
        new("T11 too large", Chunked("0\r\nA: " + new string('b', 9000) + "\r\n\r\n"), Http1Fault.TrailersTooLarge),
    ];

    private static IEnumerable<AttackCase> Requests() =>
    [
        new("T12 bare LF in head", "GET / HTTP/1.1\nHost: a\r\n\r\n", Http1Fault.BareLineFeed),
        new("T12 only LF", "GET / HTTP/1.1\nHost: a\n\n", Http1Fault.BareLineFeed),
        new("T12 LF ends field", Get("X: y\nZ: w\r\n"), Http1Fault.BareLineFeed),
        new("T12 LF ends head", "GET / HTTP/1.1\r\nHost: a\r\n\n", Http1Fault.BareLineFeed),
        new("T12 bare CR in value", Get("X: y\rZ: w\r\n"), Http1Fault.BareCarriageReturn),
        new("T12 CR CR LF", Get("X: y\r\r\n"), Http1Fault.BareCarriageReturn),
        new("T12 bare CR in line", "GET /\r HTTP/1.1\r\nHost: a\r\n\r\n", Http1Fault.BareCarriageReturn),
        new("T13 fold by space", Get("X: y\r\n z\r\n"), Http1Fault.ObsoleteFold),
        new("T13 fold by tab", Get("X: y\r\n\tz: w\r\n"), Http1Fault.ObsoleteFold),
        new("T13 fold of host", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", Http1Fault.ObsoleteFold),
        .. new[] { '\0', '\x01', '\x08', '\x0b', '\x0c', '\x1b', '\x1f', '\x7f' }.SelectMany(c => new AttackCase[]
        {
            new($"T14 {(int)c:x2} in value", Get($"X: a{c}b\r\n"), Http1Fault.ControlCharacter),
            new($"T14 {(int)c:x2} in name", Get($"X{c}: a\r\n"), Http1Fault.ControlCharacter),
            new($"T14 {(int)c:x2} in target", Get("", $"/{c}"), Http1Fault.ControlCharacter),
        }),
        new("T15 empty name", Get(": x\r\n"), Http1Fault.EmptyHeaderName),
        new("T15 only colon", Get(":\r\n"), Http1Fault.EmptyHeaderName),
        new("T16 space in name", Get("X Y: z\r\n"), Http1Fault.InvalidHeaderName),
        new("T16 space before colon", Get("X : z\r\n"), Http1Fault.InvalidHeaderName),
        new("T16 tab before colon", Get("X\t: z\r\n"), Http1Fault.InvalidHeaderName),
        new("T16 parenthesis", Get("X(: z\r\n"), Http1Fault.InvalidHeaderName),
        new("T16 quote", Get("\"X\": z\r\n"), Http1Fault.InvalidHeaderName),
        new("T16 beyond ASCII", Get("X\u00e9: z\r\n"), Http1Fault.InvalidHeaderName),
        new("T16 no colon", Get("Xyz\r\n"), Http1Fault.MissingColon),
        new("T16 no colon with space", Get("X yz\r\n"), Http1Fault.MissingColon),
        new("T17 missing", "GET / HTTP/1.1\r\nX: y\r\n\r\n", Http1Fault.MissingHost),
        new("T17 missing in absolute", "GET http://a/ HTTP/1.1\r\nX: y\r\n\r\n", Http1Fault.MissingHost),
        new("T17 duplicate", Get("Host: b\r\n"), Http1Fault.DuplicateHost),
        new("T17 duplicate equal", Get("host: a\r\n"), Http1Fault.DuplicateHost),
        .. new[] { "", "a b", "a,b", "a/b", "a@b", "a:b", "a:0", "a:65536", "a:1:2", "[::1", "[::1]x", "[fe80::1%25eth0]", "[]", ".", ".a", "a..b", "a_b;c", "a\u00e9", "%61", ":80", "a?b", "a#b" }
            .Select(host => new AttackCase($"T17 host '{Printable(host)}'", $"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n", Http1Fault.InvalidHost)),
        new("T17 invalid host beside absolute", "GET http://a/ HTTP/1.1\r\nHost: a b\r\n\r\n", Http1Fault.InvalidHost),
        new("T19 query alone", Get("", "?q"), Http1Fault.InvalidTarget),
        new("T19 relative", Get("", "a/b"), Http1Fault.InvalidTarget),
        new("T19 empty", "GET  HTTP/1.1\r\nHost: a\r\n\r\n", Http1Fault.InvalidTarget),
        new("T19 star by GET", Get("", "*"), Http1Fault.InvalidTarget),
        new("T19 star and more", "OPTIONS *a HTTP/1.1\r\nHost: a\r\n\r\n", Http1Fault.InvalidTarget),
        new("T19 authority by GET", Get("", "a:80"), Http1Fault.InvalidTarget),
        new("T19 other scheme", Get("", "ftp://a/"), Http1Fault.InvalidTarget),
        new("T19 user info", Get("", "http://u@a/"), Http1Fault.InvalidTarget),
        new("T19 no authority", Get("", "http:///x"), Http1Fault.InvalidTarget),
        new("T19 CONNECT", "CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n", Http1Fault.ConnectNotAllowed),
        new("T20 lower case", "get / HTTP/1.1\r\nHost: a\r\n\r\n", Http1Fault.UnknownMethod),
        new("T20 mixed case", "GeT / HTTP/1.1\r\nHost: a\r\n\r\n", Http1Fault.UnknownMethod),
        new("T20 no token", "G(T / HTTP/1.1\r\nHost: a\r\n\r\n", Http1Fault.InvalidMethod),
        new("T20 empty", " / HTTP/1.1\r\nHost: a\r\n\r\n", Http1Fault.InvalidMethod),
        new("T20 beyond ASCII", "G\u00c9T / HTTP/1.1\r\nHost: a\r\n\r\n", Http1Fault.InvalidMethod),
        new("T20 long", new string('A', 200) + " / HTTP/1.1\r\nHost: a\r\n\r\n", Http1Fault.UnknownMethod),
        new("T20 8 KiB", new string('A', 8300) + " / HTTP/1.1\r\nHost: a\r\n\r\n", Http1Fault.UnknownMethod),
        new("T21 line too long", Get("", "/" + new string('a', 8300)), Http1Fault.RequestLineTooLong),
        new("T21 endless line", "GET /" + new string('a', 8300), Http1Fault.RequestLineTooLong),
        new("T21 too many fields", Get(string.Concat(Enumerable.Repeat("A: b\r\n", 101))), Http1Fault.TooManyHeaders),
        new("T21 too large", Get("X: " + new string('a', 61_500) + "\r\n"), Http1Fault.HeadersTooLarge),
        new("T21 endless value", "GET / HTTP/1.1\r\nX: " + new string('a', 61_500), Http1Fault.HeadersTooLarge),
        new("T21 fragment", Get("", "/a#frag"), Http1Fault.TargetFragment),
        new("T21 fragment of absolute", Get("", "http://a/#frag"), Http1Fault.TargetFragment),
        new("T21 beyond ASCII", Get("", "/\u00e9"), Http1Fault.InvalidTarget),
        new("T21 quote in target", Get("", "/\"a"), Http1Fault.InvalidTarget),
        new("T21 space in target", Get("", "/a b"), Http1Fault.InvalidTarget),
        new("T21 two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", Http1Fault.InvalidTarget),
        new("T21 tab", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", Http1Fault.InvalidMethod),
        new("T22 0.9", "GET /\r\n\r\n", Http1Fault.MalformedVersion),
        new("T22 0.9 alone", "GET\r\n\r\n", Http1Fault.MalformedRequestLine),
        new("T22 1.2", Get("", "/", "HTTP/1.2"), Http1Fault.UnsupportedVersion),
        new("T22 2.0", Get("", "/", "HTTP/2.0"), Http1Fault.UnsupportedVersion),
        new("T22 0.9 by name", Get("", "/", "HTTP/0.9"), Http1Fault.UnsupportedVersion),
        new("T22 trailing space", Get("", "/", "HTTP/1.1 "), Http1Fault.MalformedVersion),
        new("T22 lower case", Get("", "/", "http/1.1"), Http1Fault.MalformedVersion),
        new("T22 no minor", Get("", "/", "HTTP/1"), Http1Fault.MalformedVersion),
        new("T22 long minor", Get("", "/", "HTTP/1.10"), Http1Fault.MalformedVersion),
        new("T22 other protocol", Get("", "/", "ICE/1.1"), Http1Fault.MalformedVersion),
        new("T22 two blank lines", "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", Http1Fault.MalformedRequestLine),
    ];

    private static IEnumerable<AttackCase> Responses() =>
    [
        new("T29 length on 204", "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello", Http1Fault.ForbiddenBody, KnownMethod.Get),
        new("T29 chunked on 204", "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", Http1Fault.ForbiddenBody, KnownMethod.Get),
        new("T29 length on 100", "HTTP/1.1 100 Continue\r\nContent-Length: 5\r\n\r\nhello", Http1Fault.ForbiddenBody, KnownMethod.Get),
        new("T29 two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello", Http1Fault.DuplicateContentLength, KnownMethod.Get),
        new("T29 length and chunked", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", Http1Fault.ContentLengthAndTransferEncoding, KnownMethod.Get),
        new("T29 bad length", "HTTP/1.1 200 OK\r\nContent-Length: 5x\r\n\r\nhello", Http1Fault.InvalidContentLength, KnownMethod.Get),
        new("T29 unknown coding", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", Http1Fault.InvalidTransferEncoding, KnownMethod.Get),
        new("T29 chunked in 1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", Http1Fault.TransferEncodingInHttp10, KnownMethod.Get),
        new("T29 short body", "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello", Http1Fault.Truncated, KnownMethod.Put),
        new("T30 unsolicited 101", "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n", Http1Fault.UnexpectedUpgrade, KnownMethod.Get),
        new("T30 nine interim", string.Concat(Enumerable.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 9)) + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", Http1Fault.TooManyInterimResponses, KnownMethod.Get),
        new("T31 CR in value", "HTTP/1.1 200 OK\r\nX: a\rSet-Cookie: b\r\n\r\n", Http1Fault.BareCarriageReturn, KnownMethod.Get),
        new("T31 LF in value", "HTTP/1.1 200 OK\r\nX: a\nSet-Cookie: b\r\n\r\n", Http1Fault.BareLineFeed, KnownMethod.Get),
        new("T31 NUL in value", "HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n", Http1Fault.ControlCharacter, KnownMethod.Get),
        new("T31 fold", "HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\n", Http1Fault.ObsoleteFold, KnownMethod.Get),
        new("T31 version", "HTTP/2.0 200 OK\r\n\r\n", Http1Fault.UnsupportedVersion, KnownMethod.Get),
        new("T31 status 99", "HTTP/1.1 099 X\r\n\r\n", Http1Fault.InvalidStatus, KnownMethod.Get),
        new("T31 status 600", "HTTP/1.1 600 X\r\n\r\n", Http1Fault.InvalidStatus, KnownMethod.Get),
        new("T31 four digits", "HTTP/1.1 2000 X\r\n\r\n", Http1Fault.MalformedStatusLine, KnownMethod.Get),
        new("T31 no status line", "hello\r\n\r\n", Http1Fault.MalformedStatusLine, KnownMethod.Get),
        new("T31 blank line first", "\r\nHTTP/1.1 200 OK\r\n\r\n", Http1Fault.MalformedStatusLine, KnownMethod.Get),
        new("T31 long status line", "HTTP/1.1 200 " + new string('a', 9000), Http1Fault.MalformedStatusLine, KnownMethod.Get),
    ];

    /// <summary>Test data holds only Latin-1; a digit beyond it is sent as its UTF-8 bytes.</summary>
    private static string Latin(string text) => text.Replace("\u0665", "\u00d9\u00a5", StringComparison.Ordinal);

    private static string Printable(string value) => value.Length > 24 ? value[..24] : value.Replace("\t", "\\t", StringComparison.Ordinal);
}
