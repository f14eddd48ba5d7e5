using System.Globalization;
using Weft.Policy.Blocks;
using Weft.Policy.Model;

namespace Weft.Policy.Dump;

/// <summary>String, header and query matchers as Envoy writes them.</summary>
internal static class MatcherDump
{
    public static void Strings(DumpWriter writer, string name, Run matchers)
    {
        if (matchers.IsEmpty)
            return;
        writer.Json.WriteStartArray(name);
        foreach (ref readonly StringMatcherRecord matcher in writer.Block.StringMatchers(matchers))
            StringObject(writer, matcher);
        writer.Json.WriteEndArray();
    }

    public static void Headers(DumpWriter writer, VirtualHostView virtualHost, Run matchers)
    {
        if (matchers.IsEmpty)
            return;
        writer.Json.WriteStartArray("headers");
        foreach (ref readonly HeaderMatcherRecord matcher in virtualHost.HeaderMatchers(matchers))
        {
            writer.Json.WriteStartObject();
            writer.Text("name", matcher.Name);
            switch (matcher.Kind)
            {
                case HeaderMatchKind.Present:
                    writer.Json.WriteBoolean("present_match", matcher.Present == 1);
                    break;
                case HeaderMatchKind.Range:
                    writer.Json.WriteStartObject("range_match");
                    writer.Json.WriteString("start", matcher.RangeStart.ToString(CultureInfo.InvariantCulture));
                    writer.Json.WriteString("end", matcher.RangeEnd.ToString(CultureInfo.InvariantCulture));
                    writer.Json.WriteEndObject();
                    break;
                default:
                    writer.Json.WritePropertyName("string_match");
                    StringObject(writer, matcher.Value);
                    break;
            }

            writer.Flag("invert_match", matcher.Invert == 1);
            writer.Flag("treat_missing_header_as_empty", matcher.TreatMissingAsEmpty == 1);
            writer.Json.WriteEndObject();
        }

        writer.Json.WriteEndArray();
    }

    public static void Query(DumpWriter writer, VirtualHostView virtualHost, Run matchers)
    {
        if (matchers.IsEmpty)
            return;
        writer.Json.WriteStartArray("query_parameters");
        foreach (ref readonly QueryMatcherRecord matcher in virtualHost.QueryMatchers(matchers))
        {
            writer.Json.WriteStartObject();
            writer.Text("name", matcher.Name);
            if (matcher.Kind == QueryMatchKind.Present)
            {
                writer.Json.WriteBoolean("present_match", matcher.Present == 1);
            }
            else
            {
                writer.Json.WritePropertyName("string_match");
                StringObject(writer, matcher.Value);
            }

            writer.Json.WriteEndObject();
        }

        writer.Json.WriteEndArray();
    }

    private static void StringObject(DumpWriter writer, in StringMatcherRecord matcher)
    {
        writer.Json.WriteStartObject();
        string name = matcher.Kind switch
        {
            StringMatchKind.Exact => "exact",
            StringMatchKind.Prefix => "prefix",
            StringMatchKind.Suffix => "suffix",
            StringMatchKind.Contains => "contains",
            _ => "safe_regex",
        };
        if (matcher.Kind == StringMatchKind.SafeRegex)
        {
            writer.Json.WriteStartObject(name);
            writer.Json.WriteString("regex", writer.Block.Utf8(matcher.Value));
            writer.Json.WriteEndObject();
        }
        else
        {
            writer.Json.WriteString(name, writer.Block.Utf8(matcher.Value));
        }

        writer.Flag("ignore_case", matcher.IgnoreCase == 1);
        writer.Json.WriteEndObject();
    }
}
