using System;
using System.Text;

namespace Weft.Policy.Trace;

/// <summary>Bytes as they are shown to people: UTF-8, control characters made visible, cut at a length a line can hold.</summary>
internal static class TraceText
{
    private const int MaxShown = 200;

    public static string Of(ReadOnlySpan<byte> bytes)
    {
        bool isCut = bytes.Length > MaxShown;
        var text = new StringBuilder(Encoding.UTF8.GetString(isCut ? bytes[..MaxShown] : bytes));
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]))
                text[i] = '\uFFFD';
        }

        return isCut ? text.Append('…').ToString() : text.ToString();
    }

    public static string Quoted(ReadOnlySpan<byte> bytes) => "'" + Of(bytes) + "'";
}
