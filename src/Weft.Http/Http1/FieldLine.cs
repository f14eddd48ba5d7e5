using System;
using System.Runtime.CompilerServices;

namespace Weft.Http.Http1;

/// <summary>One field line, <c>name ":" OWS value OWS</c> (RFC 9112 §5), whose end and absence of control characters are already known.</summary>
internal static class FieldLine
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Http1Fault Read(ReadOnlySpan<byte> head, int start, int end, ref HeaderField field)
    {
        ReadOnlySpan<byte> line = head[start..end];
        // Beyond the line's end, so that short names have sixteen bytes to look at too: the CR there is in no token.
        int colon = HttpSyntax.TokenLength(head[start..]);
        if (colon == line.Length) return Http1Fault.MissingColon;
        if (line[colon] != ':') return WhyNoName(line, colon);
        if (colon == 0) return Http1Fault.EmptyHeaderName;
        if (colon > ushort.MaxValue) return Http1Fault.InvalidHeaderName;

        field.NameStart = start;
        field.NameLength = (ushort)colon;
        field.Known = KnownHeaders.Recognize(line[..colon]);
        ReadValue(line, start, colon + 1, ref field);
        return Http1Fault.None;
    }

    private static Http1Fault WhyNoName(ReadOnlySpan<byte> line, int at) =>
        at == 0 && line[0] is (byte)' ' or (byte)'\t' ? Http1Fault.ObsoleteFold
        : line[at..].Contains((byte)':') ? Http1Fault.InvalidHeaderName
        : Http1Fault.MissingColon;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ReadValue(ReadOnlySpan<byte> line, int start, int from, ref HeaderField field)
    {
        int end = line.Length;
        bool oneSpace = from < end && line[from] == ' ';
        int first = oneSpace ? from + 1 : from;
        if (oneSpace && (first == end || (line[first] > ' ' && line[end - 1] > ' ')))
        {
            field.Flags = HeaderFlags.Plain;
            field.ValueStart = start + first;
            field.ValueLength = end - first;
            return;
        }

        while (first < end && line[first] is (byte)' ' or (byte)'\t') first++;
        while (end > first && line[end - 1] is (byte)' ' or (byte)'\t') end--;
        field.Flags = HeaderFlags.None;
        field.ValueStart = start + first;
        field.ValueLength = end - first;
    }
}
