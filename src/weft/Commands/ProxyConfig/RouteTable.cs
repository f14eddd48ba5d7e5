using System.Linq;
using System.Text.Json;
using Weft.CommandLine.Mesh;
using Weft.CommandLine.Output;

namespace Weft.CommandLine.Commands.ProxyConfig;

/// <summary><c>weft proxy-config routes</c>: one row a route, in the order in which they are tried.</summary>
internal static class RouteTable
{
    public static Columns Render(ConfigDump dump, DumpFilter filter)
    {
        Columns table = new("NAME", "VHOST NAME", "DOMAINS", "MATCH", "DESTINATION", "VIRTUAL SERVICE");
        foreach (JsonElement config in dump.Routes().Where(config => filter.Takes(name: config.Text("name"))))
        {
            foreach (JsonElement host in config.List("virtual_hosts"))
            {
                string[] domains = [.. host.List("domains").Select(domain => domain.Text())];
                string shown = string.Join(", ", domains.Take(2)) + (domains.Length > 2 ? $" + {domains.Length - 2} more..." : "");
                foreach (JsonElement route in host.List("routes"))
                {
                    table.Add(config.Text("name"), host.Text("name"), shown, Match(route.At("match")), Destination(route), Origins.Of(route, "VirtualService"));
                }
            }
        }

        return table;
    }

    private static string Match(JsonElement match)
    {
        string path = match.Text("path") is { Length: > 0 } exact ? exact
            : match.Text("safe_regex.regex") is { Length: > 0 } regex ? $"regex {regex}"
            : match.Text("path_separated_prefix") is { Length: > 0 } separated ? $"{separated}/*"
            : $"{match.Text("prefix").TrimEnd('/')}/*";
        int more = match.List("headers").Count() + match.List("query_parameters").Count();
        return more == 0 ? path : $"{path} + {more} matcher{(more == 1 ? "" : "s")}";
    }

    private static string Destination(JsonElement route)
    {
        if (route.Text("route.cluster") is { Length: > 0 } cluster)
        {
            return cluster;
        }

        if (route.At("route.weighted_clusters").ValueKind == JsonValueKind.Object)
        {
            return string.Join(", ", route.List("route.weighted_clusters.clusters").Select(one => $"{one.Text("weight")} {one.Text("name")}"));
        }

        return route.At("redirect").ValueKind == JsonValueKind.Object ? "redirect"
            : route.Text("direct_response.status") is { Length: > 0 } status ? $"answer {status}" : "-";
    }
}
