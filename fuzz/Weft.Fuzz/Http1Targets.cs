using System;
using Weft.Http;
using Weft.Http.Http1;

namespace Weft.Fuzz;

/// <summary>Targets over the HTTP/1 parser: cuts must not matter, what was accepted must survive being written again, and framing must agree with the table.</summary>
public static class Http1Targets
{
    private static readonly Http1Limits Limits = new() { MaxHeadBytes = 2048, MaxRequestLineBytes = 512, MaxHeaders = 20, MaxTrailerBytes = 256, MaxTrailers = 4, MaxChunkLineBytes = 128, MaxChunkExtensionBytes = 512 };

    public static void Request(ReadOnlySpan<byte> input)
    {
        string whole = Http1Transcript.OfRequests(input, [input.Length], Limits);
        Same(whole, Http1Transcript.OfRequests(input, Http1Transcript.Cut(input.Length, Seed(input)), Limits));
        CheckHeads(input);
    }

    public static void Response(ReadOnlySpan<byte> input)
    {
        foreach (KnownMethod method in new[] { KnownMethod.Get, KnownMethod.Head, KnownMethod.Connect })
        {
            string whole = Http1Transcript.OfResponses(input, [input.Length], method, Limits);
            Same(whole, Http1Transcript.OfResponses(input, Http1Transcript.Cut(input.Length, Seed(input)), method, Limits));
        }
    }

    public static void Chunked(ReadOnlySpan<byte> input)
    {
        ReadOnlySpan<byte> head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"u8;
        var message = new byte[head.Length + input.Length];
        head.CopyTo(message);
        input.CopyTo(message.AsSpan(head.Length));
        Request(message);
    }

    /// <summary>Differential: every request head in the input against <see cref="FramingRules"/>, and through the writer back into the parser.</summary>
    private static void CheckHeads(ReadOnlySpan<byte> input)
    {
        var scratch = new Http1Scratch(Limits);
        var parser = new Http1Parser(Http1Role.Server);
        var sink = new HeadChecker();
        Progress progress;
        do
        {
            progress = parser.Push(input, scratch, ref sink, out int consumed);
            input = input[consumed..];
        }
        while (progress is Progress.Paused || (progress == Progress.MessageEnd && !input.IsEmpty));

        // A complete head that the parser refused needs no check; one the table refuses must not have been accepted, and OnHead saw to that.
    }

    private static void Same(string whole, string cut)
    {
        if (!string.Equals(whole, cut, StringComparison.Ordinal)) throw new FuzzFailureException($"whole:\n{whole}\ncut:\n{cut}");
    }

    /// <summary>FNV-1a: the same input is always cut the same way.</summary>
    private static uint Seed(ReadOnlySpan<byte> input)
    {
        uint hash = 2166136261;
        foreach (byte b in input) hash = (hash ^ b) * 16777619;
        return hash;
    }

    private struct HeadChecker : IHttp1Sink
    {
        public readonly bool OnHead(scoped in Http1Head head)
        {
            FramingRules.Verdict verdict = FramingRules.OfRequest(head.Bytes);
            if (verdict.Framing != head.Framing || verdict.Length != head.ContentLength)
            {
                throw new FuzzFailureException($"table: {verdict}; parser: {head.Framing} {head.ContentLength}");
            }

            if (head.TargetForm != TargetForm.Authority) CheckRoundTrip(head);
            return true;
        }

        public readonly bool OnBody(ReadOnlySpan<byte> chunk) => true;

        public readonly void OnEnd(scoped in HeaderBlock trailers)
        {
        }

        /// <summary>What we write upstream must mean to us what we read.</summary>
        private static void CheckRoundTrip(scoped in Http1Head head)
        {
            // Every line may grow by its missing space; the chunked announcement and Host come back.
            var written = new byte[(head.Bytes.Length * 2) + 128];
            var writer = new Http1HeadWriter(written);
            writer.RequestLine(head.MethodBytes, head.Path, head.Query);
            if (!head.Authority.IsEmpty) writer.Field("Host"u8, head.Authority);
            writer.Fields(head.Headers);
            writer.Framing(head.Framing == BodyFraming.Chunked ? BodyFraming.Chunked : BodyFraming.None);
            writer.End();
            if (writer.Overflowed) throw new FuzzFailureException("the writer overflowed a destination that was large enough");
            if (head.Authority.IsEmpty) return;
            var parser = new Http1Parser(Http1Role.Server);
            var again = new Comparer { Method = head.Method, Framing = head.Framing, ContentLength = head.ContentLength, Path = head.Path, Query = head.Query, Authority = head.Authority, Headers = head.Headers };
            parser.Push(written.AsSpan(0, writer.Written), new Http1Scratch(new Http1Limits()), ref again, out _);
            if (!again.Seen) throw new FuzzFailureException("our own head was refused: " + Http1Faults.Name(parser.Fault));
        }
    }

    private ref struct Comparer : IHttp1Sink
    {
        public KnownMethod Method;
        public BodyFraming Framing;
        public long ContentLength;
        public ReadOnlySpan<byte> Path;
        public ReadOnlySpan<byte> Query;
        public ReadOnlySpan<byte> Authority;
        public HeaderBlock Headers;
        public bool Seen;

        public bool OnHead(scoped in Http1Head head)
        {
            Seen = true;
            bool same = head.Method == Method && head.Framing == Framing && head.ContentLength == ContentLength
                && head.Path.SequenceEqual(Path) && head.Query.SequenceEqual(Query) && head.Authority.SequenceEqual(Authority) && SameFields(head.Headers);
            if (!same) throw new FuzzFailureException("a head changed its meaning when it was written");
            return true;
        }

        public readonly bool OnBody(ReadOnlySpan<byte> chunk) => true;

        public readonly void OnEnd(scoped in HeaderBlock trailers)
        {
        }

        private readonly bool SameFields(scoped in HeaderBlock other)
        {
            HeaderBlock.Enumerator mine = Headers.GetEnumerator();
            foreach (HeaderBlock.Entry entry in other)
            {
                if (!mine.MoveNext() || !mine.Current.Name.SequenceEqual(entry.Name) || !mine.Current.Value.SequenceEqual(entry.Value)) return false;
            }

            return !mine.MoveNext();
        }
    }
}
