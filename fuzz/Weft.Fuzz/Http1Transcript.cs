using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Weft.Http;
using Weft.Http.Http1;

namespace Weft.Fuzz;

/// <summary>
/// Drives a parser as a link does, with the input cut into pieces, and writes down what happened. Two cuts of the same bytes must give the same
/// transcript. Between pushes the shared scratch is overwritten, and every push gets a fresh copy of the bytes, so that nothing can lean on
/// what an earlier call saw.
/// </summary>
public static class Http1Transcript
{
    /// <summary>Requests, one after the other, until the input ends or is refused.</summary>
    public static string OfRequests(ReadOnlySpan<byte> input, IReadOnlyList<int> pieces, Http1Limits? limits = null) =>
        Run(new Http1Parser(Http1Role.Server), input, pieces, limits ?? new Http1Limits(), KnownMethod.Other, endsWithEof: false);

    /// <summary>One response after another, each to a request of that method; then the upstream closes.</summary>
    public static string OfResponses(ReadOnlySpan<byte> input, IReadOnlyList<int> pieces, KnownMethod method, Http1Limits? limits = null) =>
        Run(new Http1Parser(Http1Role.Client), input, pieces, limits ?? new Http1Limits(), method, endsWithEof: true);

    /// <summary>Pieces that depend on a number only: the same input is always cut the same way.</summary>
    public static int[] Cut(int length, uint seed)
    {
        var pieces = new List<int>();
        var random = new Random((int)seed);
        for (int left = length; left > 0;)
        {
            int piece = Math.Min(left, 1 + random.Next(random.Next(4) == 0 ? 64 : 4));
            pieces.Add(piece);
            left -= piece;
        }

        return [.. pieces];
    }

    private static string Run(Http1Parser parser, ReadOnlySpan<byte> input, IReadOnlyList<int> pieces, Http1Limits limits, KnownMethod method, bool endsWithEof)
    {
        var scratch = new Http1Scratch(limits);
        var sink = new Recorder(new StringBuilder());
        int start = 0;
        int end = 0;
        if (endsWithEof) parser.ExpectResponse(method);
        for (int i = 0; i < pieces.Count; i++)
        {
            end += pieces[i];
            while (true)
            {
                byte[] copy = input[start..end].ToArray();
                Overwrite(scratch);
                Progress progress = parser.Push(copy, scratch, ref sink, out int consumed);
                if ((uint)consumed > (uint)copy.Length) throw new FuzzFailureException($"consumed {consumed} of {copy.Length}");
                start += consumed;
                if (progress == Progress.NeedMore) break;
                if (progress == Progress.Rejected) return sink.Finish("fault " + Http1Faults.Name(parser.Fault));
                if (progress == Progress.MessageEnd && endsWithEof) parser.ExpectResponse(method);
                if (progress == Progress.MessageEnd && start == end) break;
            }
        }

        if (!endsWithEof) return sink.Finish(parser.IsIdle ? "idle" : "unfinished");
        return sink.Finish(parser.PushEof(ref sink) switch
        {
            Progress.MessageEnd => "eof",
            Progress.NeedMore => "idle",
            _ => "fault " + Http1Faults.Name(parser.Fault),
        });
    }

    private static void Overwrite(Http1Scratch scratch)
    {
        var other = new Http1Parser(Http1Role.Server);
        var nobody = new Recorder(new StringBuilder());
        other.Push("GET /other HTTP/1.1\r\nHost: other\r\nX-A: 1\r\nX-B: 2\r\nX-C: 3\r\n"u8, scratch, ref nobody, out _);
    }

    private struct Recorder(StringBuilder log) : IHttp1Sink
    {
        private readonly StringBuilder _body = new();
        private long _bodyBytes;

        public readonly string Finish(string last)
        {
            WriteBody();
            return log.Append(last).ToString();
        }

        public bool OnHead(scoped in Http1Head head)
        {
            if (head.Status == 0)
            {
                log.Append(CultureInfo.InvariantCulture, $"request {Text(head.MethodBytes)} {Text(head.Path)} {Text(head.Query)} {head.Version} authority={Text(head.Authority)} form={head.TargetForm}");
            }
            else
            {
                log.Append(CultureInfo.InvariantCulture, $"response {head.Status} {Text(head.Reason)} {head.Version}");
            }

            log.Append(CultureInfo.InvariantCulture, $" framing={head.Framing} length={head.ContentLength}");
            if (head.KeepAlive) log.Append(" keep-alive");
            if (head.ExpectsContinue) log.Append(" expects-continue");
            if (head.AcceptsTrailers) log.Append(" te-trailers");
            if (!head.UpgradeProtocol.IsEmpty) log.Append(CultureInfo.InvariantCulture, $" upgrade={Text(head.UpgradeProtocol)}");
            log.Append('\n');
            WriteFields(head.Headers);
            return true;
        }

        public bool OnBody(ReadOnlySpan<byte> chunk)
        {
            if (chunk.IsEmpty) throw new FuzzFailureException("an empty piece of body was reported");
            _bodyBytes += chunk.Length;
            if (_body.Length < 200) _body.Append(Text(chunk[..Math.Min(chunk.Length, 200 - _body.Length)]));
            // Every other piece pauses: resuming must not change anything.
            return (_bodyBytes & 1) == 0;
        }

        public void OnEnd(scoped in HeaderBlock trailers)
        {
            WriteBody();
            _body.Clear();
            _bodyBytes = 0;
            log.Append("end\n");
            WriteFields(trailers);
        }

        private readonly void WriteBody()
        {
            if (_bodyBytes > 0) log.Append(CultureInfo.InvariantCulture, $"body {_bodyBytes} {_body}\n");
        }

        private readonly void WriteFields(scoped in HeaderBlock headers)
        {
            foreach (HeaderBlock.Entry entry in headers) log.Append(CultureInfo.InvariantCulture, $"  {Text(entry.Name)}: {Text(entry.Value)}\n");
        }

        private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
    }
}
