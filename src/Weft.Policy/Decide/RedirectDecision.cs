using System;
using System.Buffers.Text;
using Weft.Policy.Blocks;
using Weft.Policy.Regex;

namespace Weft.Policy.Decide;

/// <summary>Writes the Location of a redirect: absolute, scheme then host then port then path then query (xds.md C.2).</summary>
public static class RedirectDecision
{
    /// <summary>The Location of a route's redirect. False when it does not fit.</summary>
    public static bool TryWriteLocation(
        VirtualHostView virtualHost, int routeIndex, in RequestView request, RegexScratch scratch, Span<byte> destination, out int written)
    {
        ref readonly RouteRecord route = ref virtualHost.Route(routeIndex);
        ref readonly RedirectRecord redirect = ref virtualHost.Redirect(route);
        BlockView block = virtualHost.Block;
        var output = new SpanWriter(destination);
        ReadOnlySpan<byte> scheme = redirect.HttpsRedirect == 1 ? "https"u8 : redirect.Scheme.IsEmpty ? request.Scheme : block.Utf8(redirect.Scheme);
        output.Write(scheme);
        output.Write("://"u8);
        WriteHost(ref output, block, redirect, request, scheme);
        WritePath(ref output, virtualHost, route, redirect, request, scratch);
        written = output.Written;
        return !output.IsOverflowed;
    }

    /// <summary>The Location of <c>require_tls</c>: the same host and path on https. False when it does not fit.</summary>
    public static bool TryWriteHttpsLocation(in RequestView request, Span<byte> destination, out int written)
    {
        var output = new SpanWriter(destination);
        output.Write("https://"u8);
        output.Write(request.Authority.EndsWith(":80"u8) ? request.Host : request.Authority);
        output.Write(request.Path);
        WriteQuery(ref output, request);
        written = output.Written;
        return !output.IsOverflowed;
    }

    private static void WriteHost(ref SpanWriter output, BlockView block, in RedirectRecord redirect, in RequestView request, ReadOnlySpan<byte> scheme)
    {
        ReadOnlySpan<byte> own = block.Utf8(redirect.Host);
        if (redirect.Port != 0)
        {
            output.Write(own.IsEmpty ? request.Host : own);
            output.Write(":"u8);
            output.Write(redirect.Port);
            return;
        }

        if (!own.IsEmpty)
        {
            output.Write(own);
            return;
        }

        // Another scheme has another default port: the old one's must not stay behind.
        bool isSwapped = !scheme.SequenceEqual(request.Scheme);
        bool isDefaultPort = request.Authority.EndsWith(request.Scheme.SequenceEqual("https"u8) ? ":443"u8 : ":80"u8);
        output.Write(isSwapped && isDefaultPort ? request.Host : request.Authority);
    }

    private static void WritePath(
        ref SpanWriter output, VirtualHostView virtualHost, in RouteRecord route, in RedirectRecord redirect, in RequestView request, RegexScratch scratch)
    {
        BlockView block = virtualHost.Block;
        bool keepsQuery = redirect.StripQuery == 0;
        if (!redirect.Path.IsEmpty)
        {
            ReadOnlySpan<byte> path = block.Utf8(redirect.Path);
            output.Write(path);
            keepsQuery &= path.IndexOf((byte)'?') < 0;
        }
        else if (!redirect.PrefixRewrite.IsEmpty)
        {
            output.Write(block.Utf8(redirect.PrefixRewrite));
            output.Write(request.Path[RouteDecision.MatchedLength(virtualHost, route, request.Path.Length)..]);
        }
        else if (redirect.RegexRewrite.IsEmpty
            || PathRewrite.Replace(block.Embedded(redirect.RegexRewrite), request.Path, scratch, output.Rest, out int written) is var result
                && result == RewriteResult.Unchanged)
        {
            output.Write(request.Path);
        }
        else if (result == RewriteResult.Rewritten)
        {
            output.Advance(written);
        }
        else
        {
            output.Overflow();
        }

        if (keepsQuery)
            WriteQuery(ref output, request);
    }

    private static void WriteQuery(ref SpanWriter output, in RequestView request)
    {
        ReadOnlySpan<byte> query = request.QueryWithoutMark;
        if (query.IsEmpty)
            return;
        output.Write("?"u8);
        output.Write(query);
    }

    /// <summary>Writes into the caller's span and remembers when it was too small.</summary>
    private ref struct SpanWriter(Span<byte> destination)
    {
        private readonly Span<byte> _destination = destination;

        public int Written { get; private set; }

        public bool IsOverflowed { get; private set; }

        public readonly Span<byte> Rest => _destination[Written..];

        public void Write(ReadOnlySpan<byte> bytes)
        {
            if (IsOverflowed || !bytes.TryCopyTo(Rest))
            {
                IsOverflowed = true;
                return;
            }

            Written += bytes.Length;
        }

        public void Write(int number)
        {
            if (Utf8Formatter.TryFormat(number, Rest, out int count))
                Written += count;
            else
                IsOverflowed = true;
        }

        public void Advance(int count) => Written += count;

        public void Overflow() => IsOverflowed = true;
    }
}
