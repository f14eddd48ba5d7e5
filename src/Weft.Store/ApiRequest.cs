using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Weft.Config;

namespace Weft.Store;

/// <summary>A request target of the Kubernetes API, taken apart. Pure; never throws.</summary>
internal sealed class ApiRequest
{
    private readonly Dictionary<string, string> _query = new(StringComparer.Ordinal);
    private readonly string[] _segments;

    private ApiRequest(string path)
    {
        Path = path;
        _segments = [.. path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)];
    }

    internal string Path { get; }

    internal string? Namespace { get; private set; }

    internal string? Name { get; private set; }

    internal bool IsWatch => Flag("watch");

    internal static ApiRequest Parse(string target)
    {
        int mark = target.IndexOf('?', StringComparison.Ordinal);
        var request = new ApiRequest(mark < 0 ? target : target[..mark]);
        foreach (string pair in mark < 0 ? [] : target[(mark + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? pair : pair[..equals];
            request._query[Unescape(name)] = equals < 0 ? "" : Unescape(pair[(equals + 1)..]);
        }

        return request;
    }

    internal string Query(string name) => _query.GetValueOrDefault(name, "");

    internal bool Flag(string name) => Query(name) is "1" or "true" or "True";

    /// <summary>The kind and version that the path names. <paramref name="problem"/> is null for a path that is simply not there.</summary>
    internal bool TryResolve(out KindInfo kind, out string apiVersion, out string? problem)
    {
        (kind, apiVersion, problem) = (null!, "", null);
        int at;
        string group;
        string version;
        if (_segments is ["api", "v1", ..])
        {
            (group, version, at) = ("", "v1", 2);
        }
        else if (_segments is ["apis", { } named, { } served, ..])
        {
            (group, version, at) = (named, served, 3);
        }
        else
        {
            return false;
        }

        // /namespaces/NS/PLURAL… is a namespace's collection; /namespaces and /namespaces/NS are the kind itself.
        if (_segments.Length > at + 2 && _segments[at] == "namespaces")
        {
            Namespace = _segments[at + 1];
            at += 2;
        }

        if (_segments.Length <= at || _segments.Length > at + 3)
        {
            return false;
        }

        KindInfo? found = Kinds.FindPlural(group, _segments[at]);
        if (found is null || !found.Versions.Contains(version) || (Namespace is not null && !found.IsNamespaced))
        {
            return false;
        }

        kind = found;
        apiVersion = group.Length == 0 ? version : $"{group}/{version}";
        Name = _segments.Length > at + 1 ? _segments[at + 1] : null;
        if (_segments.Length == at + 3 && _segments[at + 2] != "status")
        {
            return false;
        }

        if (Name is not null && found.IsNamespaced && Namespace is null)
        {
            return false;
        }

        return true;
    }

    /// <summary>The objects asked for, or null when a selector cannot be read.</summary>
    internal ObjectFilter? Filter(KindInfo kind)
    {
        ObjectFilter filter = new() { Kind = kind, Namespace = Namespace, Name = Name };
        if (Query("labelSelector") is { Length: > 0 } labels)
        {
            if (!LabelSelector.TryParse(labels, out LabelSelector selector))
            {
                return null;
            }

            filter = filter with { Labels = selector };
        }

        foreach (string field in Query("fieldSelector").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] parts = field.Split('=', StringSplitOptions.RemoveEmptyEntries);
            switch (parts)
            {
                case ["metadata.name", { } name]:
                    filter = filter with { Name = name };
                    break;
                case ["metadata.namespace", { } ns]:
                    filter = filter with { Namespace = ns };
                    break;
                default:
                    return null;
            }
        }

        return filter;
    }

    /// <summary>Revision of a watch; absent and "0" both mean: the state first.</summary>
    internal bool TryRevision(out long revision)
    {
        revision = 0;
        string text = Query("resourceVersion");
        return text.Length == 0 || long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out revision);
    }

    private static string Unescape(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
