using System;
using System.Linq;
using System.Text;
using System.Text.Json;
using CsCheck;
using Weft.Telemetry.AccessLog;
using Weft.Testing;

namespace Weft.Telemetry.Tests.AccessLog;

public sealed class AccessLogFormatTests
{
    private readonly byte[] _line = new byte[AccessLogFormat.MaxLineBytes];

    [Fact]
    public void WriteText_FullRecord_IsIstiosDefaultFormatAndOursBehind()
    {
        AccessLogRecord record = Full();
        Assert.Equal(
            "[2020-11-25T21:26:18.409Z] \"GET /status/418?a=b HTTP/1.1\" 418 UF,URX via_upstream - \"-\" 0 135 4 3 \"-\" \"curl/7.73.0\" \"84961386-6d84-929d-98bd-c5aee93b5c88\" \"httpbin:8000\" \"10.44.1.27:80\" "
            + "outbound|8000||httpbin.foo.svc.cluster.local 10.44.1.23:37652 10.0.45.184:8000 10.44.1.23:46520 - default downstream_peer=\"-\" upstream_peer=\"spiffe://cluster.local/ns/foo/sa/httpbin\" digest=\"abc\" origin=\"VirtualService/foo/httpbin spec.http[0]\"\n",
            Text(record));
    }

    [Fact]
    public void WriteText_EmptyRecord_IsDashes()
    {
        var record = new AccessLogRecord();
        Assert.Equal(
            "[1970-01-01T00:00:00.000Z] \"- - -\" 0 - - - \"-\" 0 0 0 - \"-\" \"-\" \"-\" \"-\" \"-\" - - - - - - downstream_peer=\"-\" upstream_peer=\"-\" digest=\"-\" origin=\"-\"\n",
            Text(record));
    }

    [Fact]
    public void WriteJson_FullRecord_HasIstiosKeysWithNativeTypes()
    {
        AccessLogRecord record = Full();
        using JsonDocument json = Json(record);
        string[] istio =
        [
            "start_time", "route_name", "method", "path", "protocol", "response_code", "response_flags", "response_code_details", "connection_termination_details",
            "bytes_received", "bytes_sent", "duration", "upstream_service_time", "x_forwarded_for", "user_agent", "request_id", "authority", "upstream_host",
            "upstream_cluster", "upstream_local_address", "downstream_local_address", "downstream_remote_address", "requested_server_name", "upstream_transport_failure_reason",
        ];
        Assert.Equal([.. istio, "downstream_peer_uri_san", "upstream_peer_uri_san", "snapshot_digest", "origin"], json.RootElement.EnumerateObject().Select(member => member.Name));
        Assert.Equal(418, json.RootElement.GetProperty("response_code").GetInt32());
        Assert.Equal("UF,URX", json.RootElement.GetProperty("response_flags").GetString());
        Assert.Equal("/status/418?a=b", json.RootElement.GetProperty("path").GetString());
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("x_forwarded_for").ValueKind);
        Assert.Equal("2020-11-25T21:26:18.409Z", json.RootElement.GetProperty("start_time").GetString());
    }

    [Theory]
    [InlineData("a\r\nforged line", "a\\x0d\\x0aforged line", "a\\u000d\\u000aforged line")]
    [InlineData("\u001b[31mred", "\\x1b[31mred", "\\u001b[31mred")]
    [InlineData("a\" 200 - \"", "a\\\" 200 - \\\"", "a\\\" 200 - \\\"")]
    [InlineData("back\\slash", "back\\\\slash", "back\\\\slash")]
    [InlineData("nul\0del\u007f", "nul\\x00del\\x7f", "nul\\u0000del\\u007f")]
    public void T85_WhatAClientSends_NeverLeavesItsPlace(string agent, string text, string json)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(agent);
        var record = new AccessLogRecord { UserAgent = bytes };
        Assert.Contains($"\"{text}\"", Text(record), StringComparison.Ordinal);
        Assert.Contains($"\"user_agent\":\"{json}\"", JsonText(record), StringComparison.Ordinal);
    }

    [Fact]
    public void T85_BytesBeyondAscii_AreEscapedInTextAndValidInJson()
    {
        byte[] bytes = [.. "g\u00fcn \u202e \u009b"u8, 0xff, 0xc3];
        var record = new AccessLogRecord { UserAgent = bytes };
        Assert.Contains("\"g\\xc3\\xbcn \\xe2\\x80\\xae \\xc2\\x9b\\xff\\xc3\"", Text(record), StringComparison.Ordinal);
        Assert.Contains("\"user_agent\":\"g\u00fcn \\u202e \\u009b\\\\xff\\\\xc3\"", JsonText(record), StringComparison.Ordinal);
    }

    [Fact]
    public void T85_AnyBytesInAnyField_GiveOneLineThatParses()
    {
        Gen.Byte.Array[0, 64].Select(Gen.Int[0, 6]).Sample((bytes, field) =>
        {
            var record = new AccessLogRecord();
            switch (field)
            {
                case 0: record.Method = bytes; break;
                case 1: record.Path = bytes; break;
                case 2: record.Query = bytes; break;
                case 3: record.XForwardedFor = bytes; break;
                case 4: record.RequestId = bytes; break;
                case 5: record.RequestedServerName = bytes; break;
                default: record.UpstreamTransportFailureReason = bytes; break;
            }

            var line = new byte[AccessLogFormat.MaxLineBytes];
            int text = AccessLogFormat.WriteText(record, line);
            Assert.Equal(text - 1, line.AsSpan(0, text).IndexOfAnyExceptInRange((byte)0x20, (byte)0x7e));
            int json = AccessLogFormat.WriteJson(record, line);
            Assert.Equal(json - 1, line.AsSpan(0, json).IndexOfAnyInRange((byte)0, (byte)0x1f));
            JsonDocument.Parse(line.AsMemory(0, json)).Dispose();
        }, iter: 20_000);
    }

    [Fact]
    public void WriteText_ClientSendsHugeValues_LineIsStillWritten()
    {
        byte[] huge = new byte[60_000];
        Array.Fill(huge, (byte)0x01);
        var record = new AccessLogRecord { Path = huge, Query = huge, UserAgent = huge, XForwardedFor = huge, RequestId = huge, Authority = huge, Method = huge, RequestedServerName = huge, Protocol = huge, RouteName = huge, Origin = huge, UpstreamCluster = huge };
        Assert.True(AccessLogFormat.WriteText(record, _line) > 0);
        Assert.True(AccessLogFormat.WriteJson(record, _line) > 0);
    }

    [Fact]
    public void WriteText_DestinationTooSmall_IsZeroNotHalfALine() => Assert.Equal(0, AccessLogFormat.WriteText(Full(), new byte[100]));

    [Fact]
    public void Write_EitherFormat_AllocatesNothing() => Assert.Equal(0, Allocations.Of(2000, () =>
    {
        AccessLogRecord record = Full();
        AccessLogFormat.WriteText(record, _line);
        AccessLogFormat.WriteJson(record, _line);
    }));

    [Fact]
    public void Words_OfAllFlags_AreInEnvoysOrderAndFit()
    {
        Span<byte> words = stackalloc byte[ResponseFlagWords.MaxLength];
        int length = ResponseFlagWords.Write((ResponseFlags)((1 << 30) - 1), words);
        Assert.Equal("LH,UH,UT,LR,UR,UF,UC,UO,NR,DI,FI,RL,UAEX,RLSE,DC,URX,SI,IH,DPE,UMSDR,RFCF,NFCF,DT,UPE,NC,OM,DF,DO,DR,UDO", Encoding.ASCII.GetString(words[..length]));
        Assert.Equal("-", ResponseFlagWords.Text(ResponseFlags.None));
        Assert.Equal("NC", ResponseFlagWords.Text(ResponseFlags.NoClusterFound));
        Assert.Equal("DPE", ResponseFlagWords.Text(ResponseFlags.DownstreamProtocolError));
    }

    private static AccessLogRecord Full() => new()
    {
        StartTimeMicroseconds = 1606339578409_000,
        Method = "GET"u8,
        Path = "/status/418"u8,
        Query = "?a=b"u8,
        Protocol = "HTTP/1.1"u8,
        ResponseCode = 418,
        ResponseFlags = ResponseFlags.UpstreamConnectionFailure | ResponseFlags.UpstreamRetryLimitExceeded,
        ResponseCodeDetails = ResponseCodeDetails.ViaUpstream,
        BytesSent = 135,
        DurationMilliseconds = 4,
        UpstreamServiceTimeMilliseconds = 3,
        UserAgent = "curl/7.73.0"u8,
        RequestId = "84961386-6d84-929d-98bd-c5aee93b5c88"u8,
        Authority = "httpbin:8000"u8,
        UpstreamHost = "10.44.1.27:80"u8,
        UpstreamCluster = "outbound|8000||httpbin.foo.svc.cluster.local"u8,
        UpstreamLocalAddress = "10.44.1.23:37652"u8,
        DownstreamLocalAddress = "10.0.45.184:8000"u8,
        DownstreamRemoteAddress = "10.44.1.23:46520"u8,
        RouteName = "default"u8,
        UpstreamPeerUriSan = "spiffe://cluster.local/ns/foo/sa/httpbin"u8,
        SnapshotDigest = "abc"u8,
        Origin = "VirtualService/foo/httpbin spec.http[0]"u8,
    };

    private string Text(in AccessLogRecord record) => Encoding.UTF8.GetString(_line, 0, AccessLogFormat.WriteText(record, _line));

    private string JsonText(in AccessLogRecord record) => Encoding.UTF8.GetString(_line, 0, AccessLogFormat.WriteJson(record, _line));

    private JsonDocument Json(in AccessLogRecord record) => JsonDocument.Parse(JsonText(record));
}
