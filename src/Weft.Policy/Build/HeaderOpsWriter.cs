using System;
using System.Collections.Generic;
using Weft.Policy.Blocks;
using Weft.Policy.Model;

namespace Weft.Policy.Build;

/// <summary>Writes one level's header operations: removals first, then additions (xds.md C.2).</summary>
internal static class HeaderOpsWriter
{
    /// <param name="writer">Receives the records.</param>
    /// <param name="ops">One level.</param>
    /// <param name="path">Field path of the level, empty or ending in a dot.</param>
    /// <param name="problems">Receives every problem found.</param>
    public static Run AddRequest(BlockWriter writer, HeaderOpsConfig ops, string path, ConfigProblems problems)
        => Add(writer, ops.RequestRemove, ops.RequestAdd, path + "request_headers_to_", problems);

    public static Run AddResponse(BlockWriter writer, HeaderOpsConfig ops, string path, ConfigProblems problems)
        => Add(writer, ops.ResponseRemove, ops.ResponseAdd, path + "response_headers_to_", problems);

    private static Run Add(BlockWriter writer, List<string> removes, List<HeaderAddConfig> adds, string path, ConfigProblems problems)
    {
        int start = writer.Count(BlockSection.HeaderOps);
        for (int i = 0; i < removes.Count; i++)
        {
            CheckName(removes[i], $"{path}remove[{i}]", problems);
            writer.Add(BlockSection.HeaderOps, new HeaderOpRecord { Name = writer.Text(removes[i]), IsRemove = 1 });
        }

        for (int i = 0; i < adds.Count; i++)
        {
            HeaderAddConfig add = adds[i];
            string at = $"{path}add[{i}].header";
            CheckName(add.Name, at + ".key", problems);
            var record = new HeaderOpRecord { Name = writer.Text(add.Name), Action = add.Action, KeepEmptyValue = add.KeepEmptyValue ? 1 : 0 };
            AddValue(writer, ref record, add.Value, at + ".value", problems);
            writer.Add(BlockSection.HeaderOps, in record);
        }

        return writer.Since(BlockSection.HeaderOps, start);
    }

    private static void AddValue(BlockWriter writer, ref HeaderOpRecord record, string value, string path, ConfigProblems problems)
    {
        foreach (char c in value)
        {
            if (c is '\r' or '\n' or '\0')
            {
                problems.Add(path, "must not hold CR, LF or NUL");
                return;
            }
        }

        if (!value.Contains('%', StringComparison.Ordinal))
        {
            record.Literal = writer.Text(value);
            return;
        }

        int start = writer.Count(BlockSection.FormatSegments);
        FormatParser.Parse(writer, value, path, problems);
        record.Segments = writer.Since(BlockSection.FormatSegments, start);
    }

    private static void CheckName(string name, string path, ConfigProblems problems)
    {
        if (name.Length == 0 || !IsToken(name))
            problems.Add(path, $"'{name}' is not a header name");
        else if (name.Equals("host", StringComparison.OrdinalIgnoreCase))
            problems.Add(path, "host cannot be changed by header operations");
    }

    /// <summary>RFC 9110 §5.6.2 token; it has no ':', so pseudo headers fail here too.</summary>
    private static bool IsToken(string name)
    {
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && !"!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal))
                return false;
        }

        return true;
    }
}
