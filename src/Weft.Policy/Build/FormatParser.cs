using System;
using System.Globalization;
using System.Text;
using Weft.Policy.Blocks;

namespace Weft.Policy.Build;

/// <summary>Splits a header value into literals and command operators: <c>%REQ(X?Y):10%</c>, <c>%PROTOCOL%</c>, <c>%%</c>.</summary>
internal static class FormatParser
{
    public static void Parse(BlockWriter writer, string value, string path, ConfigProblems problems)
    {
        var literal = new StringBuilder();
        int i = 0;
        while (i < value.Length)
        {
            if (value[i] != '%')
            {
                literal.Append(value[i++]);
                continue;
            }

            if (i + 1 < value.Length && value[i + 1] == '%')
            {
                literal.Append('%');
                i += 2;
                continue;
            }

            int end = value.IndexOf('%', i + 1);
            if (end < 0)
            {
                problems.Add(path, $"'{value}': '%' without its pair ('%%' is a literal percent sign)");
                return;
            }

            Flush(writer, literal);
            string command = value[(i + 1)..end];
            if (!TryAddOperator(writer, command))
                problems.Add(path, $"'%{command}%' is not a command operator we know");
            i = end + 1;
        }

        Flush(writer, literal);
    }

    private static void Flush(BlockWriter writer, StringBuilder literal)
    {
        if (literal.Length == 0)
            return;
        writer.Add(BlockSection.FormatSegments, new FormatSegmentRecord { Operator = FormatOperator.Literal, Argument = writer.Text(literal.ToString()) });
        literal.Clear();
    }

    private static bool TryAddOperator(BlockWriter writer, string command)
    {
        string name = command, argument = "";
        int maxLength = 0;
        int colon = command.LastIndexOf(':');
        int close = command.LastIndexOf(')');
        if (colon > close)
        {
            if (!int.TryParse(command.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out maxLength))
                return false;
            name = command[..colon];
        }

        int open = name.IndexOf('(', StringComparison.Ordinal);
        if (open >= 0)
        {
            if (!name.EndsWith(')'))
                return false;
            argument = name[(open + 1)..^1];
            name = name[..open];
        }

        FormatOperator op = Operator(name);
        bool takesArgument = op is FormatOperator.Req or FormatOperator.Resp;
        if (op == FormatOperator.Literal || takesArgument == (argument.Length == 0) && op != FormatOperator.StartTime)
            return false;
        string[] names = argument.Split('?', 2);
        writer.Add(BlockSection.FormatSegments, new FormatSegmentRecord
        {
            Operator = op,
            MaxLength = maxLength,
            Argument = writer.Text(takesArgument ? MatcherWriter.AsciiLower(names[0]) : argument),
            Alternative = writer.Text(takesArgument && names.Length > 1 ? MatcherWriter.AsciiLower(names[1]) : ""),
        });
        return true;
    }

    private static FormatOperator Operator(string name) => name switch
    {
        "REQ" => FormatOperator.Req,
        "RESP" => FormatOperator.Resp,
        "PROTOCOL" => FormatOperator.Protocol,
        "DOWNSTREAM_REMOTE_ADDRESS" => FormatOperator.DownstreamRemoteAddress,
        "DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT" => FormatOperator.DownstreamRemoteAddressWithoutPort,
        "DOWNSTREAM_REMOTE_PORT" => FormatOperator.DownstreamRemotePort,
        "DOWNSTREAM_DIRECT_REMOTE_ADDRESS" => FormatOperator.DownstreamDirectRemoteAddress,
        "DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT" => FormatOperator.DownstreamDirectRemoteAddressWithoutPort,
        "DOWNSTREAM_LOCAL_ADDRESS" => FormatOperator.DownstreamLocalAddress,
        "DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT" => FormatOperator.DownstreamLocalAddressWithoutPort,
        "DOWNSTREAM_LOCAL_PORT" => FormatOperator.DownstreamLocalPort,
        "DOWNSTREAM_PEER_URI_SAN" => FormatOperator.DownstreamPeerUriSan,
        "DOWNSTREAM_TLS_VERSION" => FormatOperator.DownstreamTlsVersion,
        "REQUESTED_SERVER_NAME" => FormatOperator.RequestedServerName,
        "UPSTREAM_HOST" => FormatOperator.UpstreamHost,
        "UPSTREAM_CLUSTER" => FormatOperator.UpstreamCluster,
        "RESPONSE_CODE" => FormatOperator.ResponseCode,
        "RESPONSE_FLAGS" => FormatOperator.ResponseFlags,
        "ROUTE_NAME" => FormatOperator.RouteName,
        "VIRTUAL_CLUSTER_NAME" or "VHOST_NAME" => FormatOperator.VirtualHostName,
        "STREAM_ID" => FormatOperator.StreamId,
        "HOSTNAME" => FormatOperator.Hostname,
        "START_TIME" => FormatOperator.StartTime,
        _ => FormatOperator.Literal,
    };
}
