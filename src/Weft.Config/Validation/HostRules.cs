using System;
using System.Collections.Generic;
using System.Net;

namespace Weft.Config;

/// <summary>Istio's webhook rules for names: hosts, gateways, namespaces. Each returns what is wrong, or null. Pure.</summary>
internal static class HostRules
{
    /// <summary>A host that may begin with a wildcard: <c>*</c>, <c>*.foo.com</c>, <c>*-foo.com</c>, <c>foo.com</c>.</summary>
    internal static string? WildcardDomain(string host)
    {
        if (host.Length == 0)
        {
            return "A domain name must not be empty.";
        }

        if (host.Length > 255)
        {
            return $"domain name \"{host}\" is longer than 255 characters.";
        }

        string rest = host == "*" ? "" : host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host[0] == '*' ? host[1..] : host;
        return rest.Length == 0 && host[0] == '*' ? null : Labels(host, rest, isPartial: host[0] == '*' && rest.Length == host.Length - 1);
    }

    /// <summary>A host without wildcard.</summary>
    internal static string? Fqdn(string host) =>
        host.Length == 0 ? "A host name must not be empty." : host.Length > 255 ? $"domain name \"{host}\" is longer than 255 characters." : Labels(host, host, isPartial: false);

    /// <summary>A host of a VirtualService: wildcard domain, IP address, or an SNI form such as <c>outbound_.80_._.x</c>.</summary>
    internal static string? VirtualServiceHost(string host) =>
        WildcardDomain(host) is { } wrong && !IPAddress.TryParse(host, out _) ? wrong : null;

    internal static bool IsIp(string host) => IPAddress.TryParse(host, out _);

    /// <summary><c>*</c>, <c>.</c>, or a namespace.</summary>
    internal static string? ExportTo(IReadOnlyList<string> targets, string ownNamespace)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string target in targets)
        {
            if (target == "~")
            {
                return "exportTo: ~ is for Services and ServiceEntries; use . for this namespace only.";
            }

            if (target is not ("." or "*") && !Names.IsDnsLabel(target))
            {
                return $"exportTo: \"{target}\" is no namespace; use a name, . (this namespace) or * (all).";
            }

            if (!seen.Add(target == "." && ownNamespace.Length > 0 ? ownNamespace : target))
            {
                return $"exportTo: {target} is listed twice (. means {ownNamespace}); remove one.";
            }
        }

        return seen.Contains("*") && targets.Count > 1 ? "exportTo: * already means every namespace; remove the others." : null;
    }

    private static string? Labels(string whole, string rest, bool isPartial)
    {
        if (rest.EndsWith('.'))
        {
            rest = rest[..^1];
        }

        bool isFirst = true;
        foreach (string label in rest.Split('.'))
        {
            // After "*" comes the rest of a partial label, as in *-foo.com: it may begin with a dash.
            string text = isFirst && isPartial ? label.TrimStart('-') : label;
            if (!IsLabel(text))
            {
                return $"domain name \"{whole}\" is not valid: \"{label}\" is no DNS label (a-z, 0-9, - and _; a wildcard may only stand at the left end).";
            }

            isFirst = false;
        }

        return null;
    }

    /// <summary>Istio's <c>dns1123LabelRegex</c> for hosts: letters of both cases, digits, dashes and underscores inside; single <c>_</c> for SNI forms.</summary>
    private static bool IsLabel(string text)
    {
        if (text.Length is 0 or > 63 || text[0] == '-' || text[^1] == '-')
        {
            return false;
        }

        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
            {
                return false;
            }
        }

        return true;
    }
}
