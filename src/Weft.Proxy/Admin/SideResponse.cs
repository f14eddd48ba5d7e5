using System;
using System.Buffers;
using System.Text;

namespace Weft.Proxy.Admin;

/// <summary>The answer of a side server, collected in memory and then written with a content-length.</summary>
public sealed class SideResponse
{
    public int Status { get; set; } = 200;
    public string ContentType { get; set; } = "text/plain; charset=UTF-8";

    /// <summary>The body. Handlers write UTF-8 here.</summary>
    public ArrayBufferWriter<byte> Body { get; } = new(1024);

    /// <summary>Makes it good for another answer; the body's memory stays.</summary>
    public void Reset()
    {
        Status = 200;
        ContentType = "text/plain; charset=UTF-8";
        Body.ResetWrittenCount();
    }

    /// <summary>Appends text to the body.</summary>
    public SideResponse Write(ReadOnlySpan<char> text)
    {
        var span = Body.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        Body.Advance(Encoding.UTF8.GetBytes(text, span));
        return this;
    }

    /// <summary>Appends a line and its end to the body.</summary>
    public SideResponse WriteLine(ReadOnlySpan<char> text) => Write(text).Write("\n");

    /// <summary>Turns the answer into a short plain one with <paramref name="status"/>.</summary>
    public void Plain(int status, string text)
    {
        Status = status;
        ContentType = "text/plain; charset=UTF-8";
        Body.ResetWrittenCount();
        Write(text);
    }
}
