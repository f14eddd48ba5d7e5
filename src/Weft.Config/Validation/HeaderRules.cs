using System;

namespace Weft.Config;

/// <summary>Istio's webhook rules for header names and values. Each returns what is wrong, or null. Pure.</summary>
internal static class HeaderRules
{
    private const string TokenMarks = "!#$%&'*+-.^_`|~";

    /// <summary>A name in a match: an HTTP token, <c>:authority</c>, or a JWT claim.</summary>
    internal static string? MatchName(string name)
    {
        if (name.Length == 0)
        {
            return "header name cannot be empty";
        }

        return IsClaim(name) || IsToken(name.AsSpan(name[0] == ':' ? 1 : 0)) ? null : $"\"{name}\" is not a valid header name";
    }

    /// <summary>A name that is written to a request or response: letters, digits, dash, underscore; <c>:authority</c> only when asked for.</summary>
    internal static string? OperationName(string name, bool allowsAuthority)
    {
        if (name.Length == 0)
        {
            return "header name cannot be empty";
        }

        if (string.Equals(name, ":authority", StringComparison.OrdinalIgnoreCase) || string.Equals(name, "host", StringComparison.OrdinalIgnoreCase))
        {
            return allowsAuthority ? null : $"invalid header \"{name}\": host and :authority can only be set, in request headers";
        }

        if (name[0] == ':')
        {
            return $"invalid header \"{name}\": header cannot have a \":\" prefix";
        }

        return IsToken(name) ? null : $"\"{name}\" is not a valid header name";
    }

    /// <summary>A strict name: letters, digits, dash and underscore (what CORS and cookies may name).</summary>
    internal static string? StrictName(string name)
    {
        if (name.Length == 0)
        {
            return "header name cannot be empty";
        }

        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
            {
                return $"\"{name}\" is not a valid header name";
            }
        }

        return null;
    }

    /// <summary>A value with Envoy's command operators: a lone percent sign must be written <c>%%</c>.</summary>
    internal static string? Value(string value)
    {
        int at = 0;
        while (at < value.Length)
        {
            int percent = value.IndexOf('%', at);
            if (percent < 0)
            {
                return null;
            }

            if (percent + 1 < value.Length && value[percent + 1] == '%')
            {
                at = percent + 2;
                continue;
            }

            int end = CommandEnd(value, percent + 1);
            if (end < 0)
            {
                return $"\"{value}\" is not a valid header value: write %% for a percent sign; %NAME% or %NAME(argument)% is a variable";
            }

            at = end;
        }

        return null;
    }

    internal static bool IsClaim(string name) => name.StartsWith("@request.auth.claims", StringComparison.OrdinalIgnoreCase);

    /// <summary>The index after the closing percent sign of <c>NAME</c>, <c>NAME(args)</c> or <c>NAME(args):length</c>, or -1.</summary>
    private static int CommandEnd(string value, int at)
    {
        int start = at;
        while (at < value.Length && (char.IsAsciiLetterUpper(value[at]) || char.IsAsciiDigit(value[at]) || value[at] == '_'))
        {
            at++;
        }

        if (at == start)
        {
            return -1;
        }

        if (at < value.Length && value[at] == '(')
        {
            at = value.IndexOf(')', at) + 1;
            if (at == 0)
            {
                return -1;
            }
        }

        if (at < value.Length && value[at] == ':')
        {
            do
            {
                at++;
            }
            while (at < value.Length && char.IsAsciiDigit(value[at]));
        }

        return at < value.Length && value[at] == '%' ? at + 1 : -1;
    }

    private static bool IsToken(ReadOnlySpan<char> name)
    {
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && !TokenMarks.Contains(c, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return !name.IsEmpty;
    }
}
