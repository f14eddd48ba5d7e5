using System;

namespace Weft.Http;

/// <summary>Method names to and from bytes. Methods are case-sensitive (RFC 9110 §9.1): <c>get</c> is not GET.</summary>
public static class HttpMethods
{
    /// <summary>Longest method we pass on. 24: the longest registered one (IANA, 2025) is UPDATEREDIRECTREF with 17.</summary>
    public const int MaxLength = 24;

    public static KnownMethod Recognize(ReadOnlySpan<byte> method) => method.Length switch
    {
        3 when method.SequenceEqual("GET"u8) => KnownMethod.Get,
        3 when method.SequenceEqual("PUT"u8) => KnownMethod.Put,
        4 when method.SequenceEqual("POST"u8) => KnownMethod.Post,
        4 when method.SequenceEqual("HEAD"u8) => KnownMethod.Head,
        5 when method.SequenceEqual("PATCH"u8) => KnownMethod.Patch,
        5 when method.SequenceEqual("TRACE"u8) => KnownMethod.Trace,
        6 when method.SequenceEqual("DELETE"u8) => KnownMethod.Delete,
        7 when method.SequenceEqual("OPTIONS"u8) => KnownMethod.Options,
        7 when method.SequenceEqual("CONNECT"u8) => KnownMethod.Connect,
        _ => KnownMethod.Other,
    };

    /// <summary>The method's name; empty for <see cref="KnownMethod.Other"/>, whose bytes only the head knows.</summary>
    public static ReadOnlySpan<byte> Name(KnownMethod method) => method switch
    {
        KnownMethod.Get => "GET"u8,
        KnownMethod.Head => "HEAD"u8,
        KnownMethod.Post => "POST"u8,
        KnownMethod.Put => "PUT"u8,
        KnownMethod.Delete => "DELETE"u8,
        KnownMethod.Options => "OPTIONS"u8,
        KnownMethod.Patch => "PATCH"u8,
        KnownMethod.Trace => "TRACE"u8,
        KnownMethod.Connect => "CONNECT"u8,
        _ => [],
    };

    /// <summary>Idempotent by definition (RFC 9110 §9.2.2), so that a retry on a broken reused connection is honest.</summary>
    public static bool IsIdempotent(KnownMethod method) =>
        method is KnownMethod.Get or KnownMethod.Head or KnownMethod.Put or KnownMethod.Delete or KnownMethod.Options or KnownMethod.Trace;
}
