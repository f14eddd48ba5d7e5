using System;
using System.Collections.Frozen;
using System.Collections.Generic;

namespace Weft.Config;

/// <summary>
/// The one table of what Weft honours of Istio's schemas. A field that is in a schema and not here is reported when an object is read and then left out of
/// the record; where leaving it out could open something (<see cref="IsRefusing"/>) the object is refused. A later issue adds rows.
/// </summary>
/// <remarks>
/// A row is a field path without indexes: <c>[]</c> for an element, <c>{}</c> for the value of a map key. <c>.**</c> at the end takes everything below.
/// <c>path = A B</c> honours only these words. A field is honoured if it is a row, leads to a row, or is below a <c>.**</c> row.
/// </remarks>
public static class HonouredFields
{
    private const string VirtualService = """
        hosts
        gateways
        exportTo
        http[].name
        http[].match[].name
        http[].match[].statPrefix
        http[].match[].uri.**
        http[].match[].scheme.**
        http[].match[].method.**
        http[].match[].authority.**
        http[].match[].headers{}.**
        http[].match[].withoutHeaders{}.**
        http[].match[].queryParams{}.**
        http[].match[].ignoreUriCase
        http[].match[].port
        http[].match[].sourceLabels.**
        http[].match[].sourceNamespace
        http[].match[].gateways
        http[].route[].destination.**
        http[].route[].weight
        http[].route[].headers.**
        http[].redirect.uri
        http[].redirect.prefixRewrite
        http[].redirect.authority
        http[].redirect.port
        http[].redirect.derivePort
        http[].redirect.scheme
        http[].redirect.redirectCode
        http[].directResponse.**
        http[].rewrite.**
        http[].timeout
        http[].retries.attempts
        http[].retries.perTryTimeout
        http[].retries.retryOn
        http[].retries.backoff
        http[].retries.retryIgnorePreviousHosts
        http[].headers.**
        """;

    private const string Pools = """
        {0}.connectionPool.tcp.maxConnections
        {0}.connectionPool.tcp.connectTimeout
        {0}.connectionPool.tcp.tcpKeepalive.**
        {0}.connectionPool.tcp.maxConnectionDuration
        {0}.connectionPool.tcp.idleTimeout
        {0}.connectionPool.http.http1MaxPendingRequests
        {0}.connectionPool.http.http2MaxRequests
        {0}.connectionPool.http.maxRequestsPerConnection
        {0}.connectionPool.http.maxRetries
        {0}.connectionPool.http.idleTimeout
        {0}.loadBalancer.simple = UNSPECIFIED LEAST_CONN LEAST_REQUEST ROUND_ROBIN RANDOM
        {0}.tls.mode = DISABLE ISTIO_MUTUAL
        """;

    private const string DestinationRule = """
        host
        exportTo
        workloadSelector.**
        subsets[].name
        subsets[].labels.**
        trafficPolicy.portLevelSettings[].port.**
        subsets[].trafficPolicy.portLevelSettings[].port.**
        """;

    private const string Gateway = """
        selector.**
        servers[].port.number
        servers[].port.name
        servers[].port.protocol = HTTP
        servers[].hosts
        servers[].name
        """;

    private const string PeerAuthentication = """
        selector.**
        mtls.mode
        portLevelMtls{}.mode
        """;

    private static readonly FrozenDictionary<string, Table> Tables = new Dictionary<string, Table>
    {
        ["VirtualService"] = new([VirtualService]),
        ["DestinationRule"] = new(
        [
            DestinationRule,
            Under("trafficPolicy"),
            Under("subsets[].trafficPolicy"),
            Under("trafficPolicy.portLevelSettings[]"),
            Under("subsets[].trafficPolicy.portLevelSettings[]"),
        ]),
        ["Gateway"] = new([Gateway]),
        ["PeerAuthentication"] = new([PeerAuthentication]),
    }.ToFrozenDictionary();

    /// <summary>True when the field is honoured, or when the kind has no table (core kinds say what they use by their records).</summary>
    /// <param name="kind">The object's kind.</param>
    /// <param name="pattern">Path with <c>[]</c> and <c>{}</c>, from the root: <c>spec.http[].timeout</c>.</param>
    public static bool IsHonoured(KindInfo kind, string pattern) =>
        !kind.IsIstio || !Tables.TryGetValue(kind.Kind, out Table? table) || !pattern.StartsWith("spec.", StringComparison.Ordinal) || table.Holds(pattern[5..]);

    /// <summary>True when the word is honoured as the value of a field that is honoured.</summary>
    public static bool IsHonouredWord(KindInfo kind, string pattern, string word) =>
        !kind.IsIstio || !Tables.TryGetValue(kind.Kind, out Table? table) || !pattern.StartsWith("spec.", StringComparison.Ordinal) || table.HoldsWord(pattern[5..], word);

    /// <summary>True where a field not honoured refuses the object: security kinds, and every block of TLS settings.</summary>
    public static bool IsRefusing(KindInfo kind, string pattern) =>
        kind.IsSecurity
        || (kind.Kind is "DestinationRule" or "Gateway" && (pattern.Contains(".tls.", StringComparison.Ordinal) || pattern.EndsWith(".tls", StringComparison.Ordinal)));

    /// <summary>True for a condition of a route: left out alone it would widen what the route takes.</summary>
    internal static bool IsMatch(string pattern) => pattern.Contains(".match[].", StringComparison.Ordinal);

    /// <summary>True for what makes a Gateway's server one that we cannot open.</summary>
    internal static bool IsServer(string pattern) => pattern == "spec.servers[].port.protocol";

    private static string Under(string path) => Pools.Replace("{0}", path, StringComparison.Ordinal);

    private sealed class Table
    {
        private readonly FrozenSet<string> _exact;
        private readonly FrozenDictionary<string, string[]> _words;
        private readonly string[] _subtrees;

        internal Table(IEnumerable<string> texts)
        {
            var exact = new HashSet<string>(StringComparer.Ordinal);
            var words = new Dictionary<string, string[]>(StringComparer.Ordinal);
            var subtrees = new List<string>();
            foreach (string text in texts)
            {
                foreach (string row in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                {
                    string path = row;
                    int equals = row.IndexOf(" = ", StringComparison.Ordinal);
                    if (equals > 0)
                    {
                        path = row[..equals];
                        words[path] = row[(equals + 3)..].Split(' ');
                    }

                    if (path.EndsWith(".**", StringComparison.Ordinal))
                    {
                        path = path[..^3];
                        subtrees.Add(path);
                    }

                    AddWithAncestors(exact, path);
                }
            }

            _exact = exact.ToFrozenSet(StringComparer.Ordinal);
            _words = words.ToFrozenDictionary(StringComparer.Ordinal);
            _subtrees = [.. subtrees];
        }

        internal bool Holds(string path)
        {
            if (_exact.Contains(path))
            {
                return true;
            }

            foreach (string subtree in _subtrees)
            {
                if (path.Length > subtree.Length && path.StartsWith(subtree, StringComparison.Ordinal) && path[subtree.Length] is '.' or '[' or '{')
                {
                    return true;
                }
            }

            return false;
        }

        internal bool HoldsWord(string path, string word) =>
            !_words.TryGetValue(path, out string[]? words) || Array.Exists(words, w => string.Equals(w, word, StringComparison.OrdinalIgnoreCase));

        private static void AddWithAncestors(HashSet<string> exact, string path)
        {
            exact.Add(path);
            for (int i = path.Length - 1; i > 0; i--)
            {
                if (path[i] is '.' or '[' or '{')
                {
                    exact.Add(path[..i]);
                }
            }
        }
    }
}
