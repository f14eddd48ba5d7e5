using System;
using System.Text;

namespace Weft.Http.Http1;

/// <summary>
/// The names of faults as they appear in <c>response_code_details</c>, logs and counters (family <c>http1.…</c>, where Envoy has only
/// <c>http1.codec_error</c> and a few more), and the status each deserves when a request caused it.
/// </summary>
public static class Http1Faults
{
    private static readonly string[] Names = BuildNames();
    private static readonly byte[][] Utf8Names = Array.ConvertAll(Names, Encoding.ASCII.GetBytes);

    /// <summary>Stable name, for example <c>http1.duplicate_content_length</c>. Never allocates.</summary>
    public static string Name(Http1Fault fault) => Names[(int)fault];

    /// <summary>The same in UTF-8.</summary>
    public static ReadOnlySpan<byte> Utf8Name(Http1Fault fault) => Utf8Names[(int)fault];

    /// <summary>Status for a request with that fault; a response with a fault is a 502 whatever it was. 0 for <see cref="Http1Fault.None"/>.</summary>
    public static int Status(Http1Fault fault) => fault switch
    {
        Http1Fault.None => 0,
        Http1Fault.BodyTooLarge => 413,
        Http1Fault.RequestLineTooLong => 414,
        Http1Fault.UnsupportedExpectation => 417,
        Http1Fault.HeadersTooLarge or Http1Fault.TooManyHeaders or Http1Fault.TrailersTooLarge or Http1Fault.TooManyTrailers => 431,
        Http1Fault.UnknownMethod or Http1Fault.UnsupportedTransferEncoding or Http1Fault.ConnectNotAllowed => 501,
        Http1Fault.UnsupportedVersion => 505,
        _ => 400,
    };

    private static string[] BuildNames()
    {
        var names = new string[(int)Http1Fault.Truncated + 1];
        for (int i = 0; i < names.Length; i++) names[i] = "http1." + SnakeCase(((Http1Fault)i).ToString());
        names[(int)Http1Fault.None] = "";
        return names;
    }

    private static string SnakeCase(string pascal)
    {
        var text = new StringBuilder();
        foreach (char c in pascal)
        {
            if (char.IsAsciiLetterUpper(c) && text.Length > 0) text.Append('_');
            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }
}
