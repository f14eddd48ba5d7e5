using System;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Weft.Xds.Wire;

/// <summary>
/// The first pass over a resource: is every field one that we know and enforce, framed and encoded as its kind demands? Driven by
/// messages.txt alone. What it lets through, the readers may take at its word. Never throws, for any bytes.
/// </summary>
internal static class WireCheck
{
    /// <summary>Deeper is not configuration: ours has at most 20 levels, protobuf itself stops at 100.</summary>
    private const int MaxDepth = 64;

    public static void Run(MessageInfo message, ReadOnlySpan<byte> bytes, WalkReport report)
    {
        if (report.Path.Depth >= MaxDepth)
        {
            Malformed(report, "nested too deep");
            return;
        }

        var reader = new WireReader(bytes);
        var counts = new RepeatCounter();
        while (reader.TryRead(out var field))
        {
            if (message.Find(field.Number) is not { } info)
            {
                report.Add(string.Create(CultureInfo.InvariantCulture, $"#{field.Number}"), $"unknown field {field.Number} of {message.FullName}");
                continue;
            }

            if (counts.IsSecond(info))
            {
                // Protobuf would merge or take the last; nobody writes that, and readers that differ on it are an attack.
                report.Add(info.Name, "appears twice");
                continue;
            }

            CheckField(info, field, counts.Next(info), report);
        }

        if (reader.IsMalformed) Malformed(report, $"these bytes are not a {message.FullName}");
    }

    private static void CheckField(FieldInfo info, in WireField field, int index, WalkReport report)
    {
        switch (info.Handling)
        {
            case FieldHandling.Harmless:
                report.IgnoredFields++;
                return;
            case FieldHandling.Refused:
            case FieldHandling.RefusedUnlessDefault when !field.IsDefault:
                report.Add(info.Name, "is not enforced by this proxy");
                return;
            case FieldHandling.RefusedUnlessDefault:
                return;
        }

        if (info.IsMap) CheckMapEntry(info, field, report);
        else CheckValue(info, field, index, report);
    }

    private static void CheckMapEntry(FieldInfo info, in WireField field, WalkReport report)
    {
        if (field.Type != WireType.LengthDelimited)
        {
            Malformed(report, $"{info.Name} has the wrong wire type");
            return;
        }

        MapEntry.Read(field.Bytes, out var key, out var value, out var isMalformed);
        if (isMalformed || !Utf8.IsValid(key))
        {
            Malformed(report, $"{info.Name} has a malformed entry");
            return;
        }

        report.Path.EnterKey(info.Name, Encoding.UTF8.GetString(key));
        CheckLengthDelimited(info, value, report);
        report.Path.Leave();
    }

    private static void CheckValue(FieldInfo info, in WireField field, int index, WalkReport report)
    {
        if (field.Type != Framing(info.Kind))
        {
            if (info.IsPackable && field.Type == WireType.LengthDelimited) CheckPacked(info, field.Bytes, report);
            else Malformed(report, $"{info.Name} has the wrong wire type");
            return;
        }

        if (field.Type != WireType.LengthDelimited) return;
        report.Path.Enter(info.Name, index);
        CheckLengthDelimited(info, field.Bytes, report);
        report.Path.Leave();
    }

    private static void CheckLengthDelimited(FieldInfo info, ReadOnlySpan<byte> bytes, WalkReport report)
    {
        switch (info.Kind)
        {
            case FieldKind.Text:
                if (!Utf8.IsValid(bytes)) Malformed(report, "is not UTF-8");
                break;
            case FieldKind.Message:
                Run(info.Message!, bytes, report);
                break;
            case FieldKind.Any:
                CheckAny(info.Slot!, bytes, report);
                break;
            case FieldKind.Struct:
                if (!StructReader.IsWellFormed(bytes)) Malformed(report, "is not a google.protobuf.Struct");
                break;
        }
    }

    private static void CheckAny(AnySlot slot, ReadOnlySpan<byte> bytes, WalkReport report)
    {
        AnyView.Read(bytes, out var typeUrl, out var value, out var isMalformed);
        if (isMalformed || !Utf8.IsValid(typeUrl))
        {
            Malformed(report, "is not a google.protobuf.Any");
        }
        else if (slot.Find(typeUrl) is { } message)
        {
            Run(message, value, report);
        }
        else if (slot.IsOpen)
        {
            report.IgnoredFields++;
        }
        else
        {
            report.Add("", $"unknown type {Encoding.UTF8.GetString(typeUrl[(typeUrl.LastIndexOf((byte)'/') + 1)..])}");
        }
    }

    private static void CheckPacked(FieldInfo info, ReadOnlySpan<byte> bytes, WalkReport report)
    {
        var reader = new WireReader(bytes);
        while (reader.TryReadPacked(out _))
        {
        }

        if (reader.IsMalformed) Malformed(report, $"{info.Name} has a malformed packed value");
    }

    private static void Malformed(WalkReport report, string message)
    {
        report.IsMalformed = true;
        report.Add("", message);
    }

    private static WireType Framing(FieldKind kind) => kind switch
    {
        FieldKind.Double => WireType.Fixed64,
        FieldKind.Text or FieldKind.Bytes or FieldKind.Message or FieldKind.Struct or FieldKind.Any => WireType.LengthDelimited,
        _ => WireType.Varint,
    };

    /// <summary>Counts the elements of repeated fields, whose elements usually follow each other, and remembers the others.</summary>
    private struct RepeatCounter
    {
        private int _number;
        private int _count;
        private ulong _seen;

        public bool IsSecond(FieldInfo info)
        {
            if (info.IsRepeated || info.IsMap || info.Handling == FieldHandling.Harmless || info.Number >= 64) return false;
            var bit = 1UL << info.Number;
            var isSecond = (_seen & bit) != 0;
            _seen |= bit;
            return isSecond;
        }

        public int Next(FieldInfo info)
        {
            if (!info.IsRepeated) return -1;
            if (_number != info.Number) (_number, _count) = (info.Number, 0);
            return _count++;
        }
    }
}
