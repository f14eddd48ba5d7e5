using System;
using System.Text;

namespace Weft.Http.Http1;

/// <summary>Request line and status line (RFC 9112 §3, §4). Single spaces, no more and no other.</summary>
internal static class StartLine
{
    public static Http1Fault ReadRequest(ReadOnlySpan<byte> line, ref Http1Head head, in Http1Limits limits)
    {
        int space = line.IndexOf((byte)' ');
        if (space < 0) return Http1Fault.MalformedRequestLine;
        Http1Fault fault = ReadMethod(line[..space], ref head);
        int targetLength = 0;
        if (fault == Http1Fault.None) fault = ReadVersion(line[(space + 1)..], ref head, out targetLength);
        return fault == Http1Fault.None ? ReadTarget(line.Slice(space + 1, targetLength), ref head, limits) : fault;
    }

    public static Http1Fault ReadStatus(ReadOnlySpan<byte> line, ref Http1Head head)
    {
        if (line.StartsWith("HTTP/1.1 "u8)) head.Version = HttpVersion.Http11;
        else if (line.StartsWith("HTTP/1.0 "u8)) head.Version = HttpVersion.Http10;
        else return IsVersion(line[..Math.Min(line.Length, 8)]) ? Http1Fault.UnsupportedVersion : Http1Fault.MalformedStatusLine;

        line = line[9..];
        if (line.Length < 3 || (line.Length > 3 && line[3] != ' ')) return Http1Fault.MalformedStatusLine;
        if (line[..3].ContainsAnyExcept(HttpSyntax.Digits)) return Http1Fault.InvalidStatus;
        head.Status = ((line[0] - '0') * 100) + ((line[1] - '0') * 10) + (line[2] - '0');
        if (head.Status is < 100 or > 599) return Http1Fault.InvalidStatus;
        // Many servers leave out the space when there is no reason; nothing else can be meant.
        head.Reason = line.Length > 4 ? line[4..] : default;
        return Http1Fault.None;
    }

    private static Http1Fault ReadMethod(ReadOnlySpan<byte> method, ref Http1Head head)
    {
        head.MethodBytes = method;
        head.Method = HttpMethods.Recognize(method);
        if (head.Method != KnownMethod.Other) return Http1Fault.None;
        if (!HttpSyntax.IsToken(method)) return Http1Fault.InvalidMethod;
        return method.Length > HttpMethods.MaxLength || method.ContainsAnyExcept(HttpSyntax.MethodCharacters) ? Http1Fault.UnknownMethod : Http1Fault.None;
    }

    private static Http1Fault ReadVersion(ReadOnlySpan<byte> rest, ref Http1Head head, out int targetLength)
    {
        targetLength = 0;
        int space = rest.LastIndexOf((byte)' ');
        if (space < 0) return Http1Fault.MalformedVersion;
        targetLength = space;
        ReadOnlySpan<byte> version = rest[(space + 1)..];
        if (version.SequenceEqual("HTTP/1.1"u8)) head.Version = HttpVersion.Http11;
        else if (version.SequenceEqual("HTTP/1.0"u8)) head.Version = HttpVersion.Http10;
        else return IsVersion(version) ? Http1Fault.UnsupportedVersion : Http1Fault.MalformedVersion;
        return Http1Fault.None;
    }

    private static bool IsVersion(ReadOnlySpan<byte> version) =>
        version.Length == 8 && version.StartsWith("HTTP/"u8) && char.IsAsciiDigit((char)version[5]) && version[6] == '.' && char.IsAsciiDigit((char)version[7]);

    private static Http1Fault ReadTarget(ReadOnlySpan<byte> target, ref Http1Head head, in Http1Limits limits)
    {
        head.Target = target;
        int odd = target.IndexOfAnyExcept(HttpSyntax.Target);
        if (odd >= 0) return target[odd] == '#' ? Http1Fault.TargetFragment : Http1Fault.InvalidTarget;
        if (target.IsEmpty) return Http1Fault.InvalidTarget;
        if (head.Method == KnownMethod.Connect) return ReadAuthorityForm(target, ref head, limits);
        if (target[0] == '/')
        {
            head.TargetForm = TargetForm.Origin;
            SplitQuery(target, ref head);
            return Http1Fault.None;
        }

        if (target[0] != '*') return ReadAbsoluteForm(target, ref head);
        head.TargetForm = TargetForm.Asterisk;
        head.Path = target;
        return target.Length == 1 && head.Method == KnownMethod.Options ? Http1Fault.None : Http1Fault.InvalidTarget;
    }

    private static Http1Fault ReadAuthorityForm(ReadOnlySpan<byte> target, ref Http1Head head, in Http1Limits limits)
    {
        if (!limits.AllowConnect) return Http1Fault.ConnectNotAllowed;
        head.TargetForm = TargetForm.Authority;
        head.Authority = target;
        bool isValid = CanonicalAuthority.TryParse(target, out AuthorityParts parts) && parts.Port > 0;
        head.AuthorityParts = parts;
        return isValid ? Http1Fault.None : Http1Fault.InvalidTarget;
    }

    private static Http1Fault ReadAbsoluteForm(ReadOnlySpan<byte> target, ref Http1Head head)
    {
        int scheme = StartsWithIgnoreCase(target, "http://"u8) ? 7 : StartsWithIgnoreCase(target, "https://"u8) ? 8 : 0;
        if (scheme == 0) return Http1Fault.InvalidTarget;
        ReadOnlySpan<byte> rest = target[scheme..];
        int end = rest.IndexOfAny((byte)'/', (byte)'?');
        head.TargetForm = TargetForm.Absolute;
        head.Authority = end < 0 ? rest : rest[..end];
        if (!CanonicalAuthority.TryParse(head.Authority, out AuthorityParts parts)) return Http1Fault.InvalidTarget;
        head.AuthorityParts = parts;
        SplitQuery(end < 0 ? default : rest[end..], ref head);
        return Http1Fault.None;
    }

    private static void SplitQuery(ReadOnlySpan<byte> pathAndQuery, ref Http1Head head)
    {
        int mark = pathAndQuery.IndexOf((byte)'?');
        head.Path = mark < 0 ? pathAndQuery : pathAndQuery[..mark];
        head.Query = mark < 0 ? default : pathAndQuery[mark..];
        // http://host?query has an empty path, which is "/" (RFC 9110 §4.2.3).
        if (head.Path.IsEmpty) head.Path = "/"u8;
    }

    private static bool StartsWithIgnoreCase(ReadOnlySpan<byte> text, ReadOnlySpan<byte> prefix) =>
        text.Length >= prefix.Length && Ascii.EqualsIgnoreCase(text[..prefix.Length], prefix);
}
