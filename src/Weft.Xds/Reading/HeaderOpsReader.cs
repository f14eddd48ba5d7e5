using System;
using System.Collections.Generic;
using Weft.Policy.Model;
using Weft.Xds.Wire;
using Option = Weft.Xds.Proto.Config.Core.V3.HeaderValueOption;
using Value = Weft.Xds.Proto.Config.Core.V3.HeaderValue;

namespace Weft.Xds.Reading;

/// <summary>Headers to add and remove.</summary>
internal static class HeaderOpsReader
{
    public static HeaderAddConfig Add(ReadOnlySpan<byte> bytes, WalkReport report)
    {
        string name = "", value = "";
        var action = HeaderAppendAction.AppendIfExistsOrAdd;
        bool? append = null;
        var keepsEmpty = false;
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            switch (field.Number)
            {
                case Option.HeaderFieldNumber: ReadHeader(field.Bytes, out name, out value); break;
                case Option.AppendActionFieldNumber: action = (HeaderAppendAction)CommonReader.Enum(field, "append_action", 3, report); break;
                // The deprecated "append" (2): false means overwrite.
                case 2: append = CommonReader.WrappedBool(field); break;
                case Option.KeepEmptyValueFieldNumber: keepsEmpty = field.Bool; break;
            }
        }

        if (append == false) action = HeaderAppendAction.OverwriteIfExistsOrAdd;
        CheckName(name, "header.key", report);
        if (value.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0) report.Add("header.value", "must not contain line breaks or NUL");
        return new HeaderAddConfig(name, value, action, keepsEmpty);
    }

    public static void Remove(in WireField field, string name, List<string> into, WalkReport report)
    {
        var header = field.Text;
        using (report.At(name, into.Count)) CheckName(header, "", report);
        into.Add(header);
    }

    /// <summary>Envoy and we refuse pseudo headers and Host: what routing decided on must stay what is sent.</summary>
    private static void CheckName(string name, string field, WalkReport report)
    {
        if (name.Length == 0) report.Add(field, "must not be empty");
        else if (name[0] == ':' || name.Equals("host", StringComparison.OrdinalIgnoreCase)) report.Add(field, $"{name} cannot be changed");
        else if (!IsToken(name)) report.Add(field, "is not a header name");
    }

    private static void ReadHeader(ReadOnlySpan<byte> bytes, out string name, out string value)
    {
        name = value = "";
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            if (field.Number == Value.KeyFieldNumber) name = field.Text;
            else if (field.Number == Value.ValueFieldNumber) value = field.Text;
        }
    }

    /// <summary>token of RFC 9110 5.6.2.</summary>
    private static bool IsToken(string name)
    {
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && !"!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal)) return false;
        }

        return true;
    }
}
