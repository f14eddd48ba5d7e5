using System;
using System.Diagnostics;

namespace Weft.Http.Http1;

/// <summary>
/// Push parser of one HTTP/1 connection, for either role (RFC 9110, RFC 9112). Lives as a field of the link that owns it; loop thread
/// only; no heap, no clock, no exceptions for what a peer sends. It refuses, it never repairs.
/// <para>Nothing of a head, a chunk's size line or a trailer section is consumed before all of it is there, so the caller's buffer holds it
/// contiguously; body bytes are consumed as they come. <c>consumed</c> is exact in every outcome.</para>
/// </summary>
public struct Http1Parser
{
    private readonly Http1Role _role;
    private Stage _stage;
    private KnownMethod _requestMethod;
    private bool _upgradeOffered;
    private bool _skippedBlankLine;
    private ushort _fieldCount;
    private int _extensionBytes;
    private int _interimResponses;
    private LineCursor _cursor;
    private long _remaining;
    private long _bodyBytes;

    public Http1Parser(Http1Role role)
    {
        _role = role;
        _stage = role == Http1Role.Server ? Stage.Head : Stage.Idle;
    }

    private enum Stage : byte
    {
        /// <summary>Client only: no request is outstanding.</summary>
        Idle,
        Head,
        Length,
        ChunkLine,
        ChunkData,
        ChunkEnd,
        Trailers,
        UntilClose,

        /// <summary>All bytes of the message are consumed, its end is not yet reported.</summary>
        End,
        Rejected,
    }

    private enum Step : byte
    {
        Continue,
        NeedMore,
        Pause,
        End,
        Reject,
    }

    /// <summary>Why the last Push was <see cref="Progress.Rejected"/>.</summary>
    public Http1Fault Fault { get; private set; }

    /// <summary>Start of the line or byte that was at fault, counted from the unconsumed rest of the last input.</summary>
    public int FaultOffset { get; private set; }

    /// <summary>Between messages: a connection may only go back to a pool, or be closed without a word, in this state.</summary>
    public readonly bool IsIdle => _stage == Stage.Idle || (_stage == Stage.Head && _role == Http1Role.Server && _cursor.IsFresh);

    /// <summary>A head was reported and its body has not ended: an early answer must drain or close (attacks T25).</summary>
    public readonly bool IsInBody => _stage is >= Stage.Length and <= Stage.End;

    /// <summary>
    /// Client only: a request was (or is being) sent and one response may come. Its method decides whether that has a body (RFC 9112 §6.3).
    /// </summary>
    /// <param name="requestMethod">Method of the request.</param>
    /// <param name="offersUpgrade">The request carried Upgrade; otherwise a 101 is a fault.</param>
    public void ExpectResponse(KnownMethod requestMethod, bool offersUpgrade = false)
    {
        Debug.Assert(_role == Http1Role.Client && _stage == Stage.Idle, "one response at a time: the pool lends idle connections only");
        _requestMethod = requestMethod;
        _upgradeOffered = offersUpgrade;
        BeginHead();
    }

    /// <summary>
    /// Feeds bytes. <paramref name="input"/> starts where the last call's <paramref name="consumed"/> ended.
    /// Returns after each message, so that pipelined ones are handed over one at a time and in order (attacks T24).
    /// </summary>
    public Progress Push<TSink>(ReadOnlySpan<byte> input, Http1Scratch scratch, ref TSink sink, out int consumed)
        where TSink : struct, IHttp1Sink, allows ref struct
    {
        consumed = 0;
        while (true)
        {
            Step step = Advance(input[consumed..], scratch, ref sink, out int used);
            consumed += used;
            switch (step)
            {
                case Step.NeedMore: return Progress.NeedMore;
                case Step.Pause: return Progress.Paused;
                case Step.End: return Progress.MessageEnd;
                case Step.Reject: return Progress.Rejected;
            }
        }
    }

    /// <summary>
    /// The peer ended its side. MessageEnd: that was the end of a body without a length. NeedMore: nothing was open.
    /// Rejected with <see cref="Http1Fault.Truncated"/>: something was.
    /// </summary>
    public Progress PushEof<TSink>(ref TSink sink)
        where TSink : struct, IHttp1Sink, allows ref struct
    {
        if (IsIdle) return Progress.NeedMore;
        if (_stage == Stage.Rejected) return Progress.Rejected;
        if (_stage is Stage.UntilClose or Stage.End)
        {
            ReportEnd(ref sink, default);
            return Progress.MessageEnd;
        }

        Reject(Http1Fault.Truncated, 0);
        return Progress.Rejected;
    }

    private Step Advance<TSink>(ReadOnlySpan<byte> input, Http1Scratch scratch, ref TSink sink, out int used)
        where TSink : struct, IHttp1Sink, allows ref struct
    {
        used = 0;
        switch (_stage)
        {
            case Stage.Head: return ReadHead(input, scratch, ref sink, out used);
            case Stage.Length: return ReadData(input, Stage.End, ref sink, out used);
            case Stage.ChunkLine: return ReadChunkLine(input, scratch.Limits, out used);
            case Stage.ChunkData: return ReadData(input, Stage.ChunkEnd, ref sink, out used);
            case Stage.ChunkEnd: return ReadChunkEnd(input, out used);
            case Stage.Trailers: return ReadTrailers(input, scratch, ref sink, out used);
            case Stage.UntilClose: return ReadUntilClose(input, scratch.Limits, ref sink, out used);
            case Stage.End: return ReportEnd(ref sink, default);
            case Stage.Idle: return input.IsEmpty ? Step.NeedMore : Reject(Http1Fault.UnsolicitedResponse, 0);
            default: return Step.Reject;
        }
    }

    private Step ReadHead<TSink>(ReadOnlySpan<byte> input, Http1Scratch scratch, ref TSink sink, out int used)
        where TSink : struct, IHttp1Sink, allows ref struct
    {
        used = 0;
        if (_role == Http1Role.Server && !_skippedBlankLine && TrySkipBlankLine(input, out used)) return Step.Continue;
        ref readonly Http1Limits limits = ref scratch.Limits;
        Http1Head head = default;
        Http1Fault fault = ReadLines(input, scratch, limits.MaxHeadBytes, limits.MaxHeaders, hasStartLine: true, ref head, out int length, out ulong present);
        if (fault != Http1Fault.None) return Reject(fault, _cursor.Start);
        if (length == 0) return Step.NeedMore;

        head.Bytes = input[..length];
        head.Headers = new HeaderBlock(head.Bytes, scratch.Fields[.._fieldCount], present);
        fault = Decide(ref head, limits);
        if (fault != Http1Fault.None) return Reject(fault, 0);
        used = length;
        Enter(head);
        return sink.OnHead(head) ? Step.Continue : Step.Pause;
    }

    /// <summary>One empty line before a request line is ignored (RFC 9112 §2.2): old clients send it after a body.</summary>
    private bool TrySkipBlankLine(ReadOnlySpan<byte> input, out int used)
    {
        used = 0;
        if (input.Length < 2 || input[0] != '\r' || input[1] != '\n') return false;
        used = 2;
        _skippedBlankLine = true;
        _cursor.Reset();
        return true;
    }

    private readonly Http1Fault Decide(ref Http1Head head, in Http1Limits limits)
    {
        if (_role == Http1Role.Server) return Http1Framing.DecideRequest(ref head, limits);
        head.Method = _requestMethod;
        Http1Fault fault = Http1Framing.DecideResponse(ref head, limits, _upgradeOffered);
        if (fault != Http1Fault.None) return fault;
        return head.IsInterim && _interimResponses >= limits.MaxInterimResponses ? Http1Fault.TooManyInterimResponses : Http1Fault.None;
    }

    /// <summary>Goes to the stage that follows this head.</summary>
    private void Enter(in Http1Head head)
    {
        int interim = _interimResponses;
        BeginHead();
        if (head.IsInterim)
        {
            _interimResponses = interim + 1;
            return;
        }

        _remaining = head.ContentLength;
        _stage = head.Framing switch
        {
            BodyFraming.Length when head.ContentLength > 0 => Stage.Length,
            BodyFraming.Chunked => Stage.ChunkLine,
            BodyFraming.UntilClose => Stage.UntilClose,
            _ => Stage.End,
        };
    }

    private void BeginHead()
    {
        _stage = Stage.Head;
        _cursor.Reset();
        _fieldCount = 0;
        _skippedBlankLine = false;
        _interimResponses = 0;
        _extensionBytes = 0;
        _bodyBytes = 0;
    }

    private Step ReadData<TSink>(ReadOnlySpan<byte> input, Stage next, ref TSink sink, out int used)
        where TSink : struct, IHttp1Sink, allows ref struct
    {
        used = (int)Math.Min(_remaining, input.Length);
        if (used == 0) return Step.NeedMore;
        _remaining -= used;
        if (_remaining == 0) _stage = next;
        return sink.OnBody(input[..used]) ? Step.Continue : Step.Pause;
    }

    private Step ReadUntilClose<TSink>(ReadOnlySpan<byte> input, in Http1Limits limits, ref TSink sink, out int used)
        where TSink : struct, IHttp1Sink, allows ref struct
    {
        used = 0;
        if (input.IsEmpty) return Step.NeedMore;
        if (input.Length > limits.MaxBodyBytes - _bodyBytes) return Reject(Http1Fault.BodyTooLarge, 0);
        used = input.Length;
        _bodyBytes += used;
        return sink.OnBody(input) ? Step.Continue : Step.Pause;
    }

    private Step ReadChunkLine(ReadOnlySpan<byte> input, in Http1Limits limits, out int used)
    {
        used = 0;
        ReadOnlySpan<byte> window = input[..Math.Min(input.Length, limits.MaxChunkLineBytes + 2)];
        if (!_cursor.TryFindEnd(window, out int end, out Http1Fault fault))
        {
            if (fault != Http1Fault.None) return Reject(fault, 0);
            return window.Length == limits.MaxChunkLineBytes + 2 ? Reject(Http1Fault.ChunkExtensionTooLarge, 0) : Step.NeedMore;
        }

        fault = ChunkLine.Read(input[..end], out _remaining, out int extensionBytes);
        if (fault != Http1Fault.None) return Reject(fault, 0);
        _extensionBytes += extensionBytes;
        if (_extensionBytes > limits.MaxChunkExtensionBytes) return Reject(Http1Fault.ChunkExtensionTooLarge, 0);
        if (_remaining > limits.MaxBodyBytes - _bodyBytes) return Reject(Http1Fault.BodyTooLarge, 0);
        _bodyBytes += _remaining;
        used = end + 2;
        _cursor.Reset();
        _stage = _remaining > 0 ? Stage.ChunkData : Stage.Trailers;
        return Step.Continue;
    }

    private Step ReadChunkEnd(ReadOnlySpan<byte> input, out int used)
    {
        used = 0;
        if (!"\r\n"u8.StartsWith(input[..Math.Min(2, input.Length)])) return Reject(Http1Fault.MissingChunkTerminator, 0);
        if (input.Length < 2) return Step.NeedMore;
        used = 2;
        _stage = Stage.ChunkLine;
        return Step.Continue;
    }

    private Step ReadTrailers<TSink>(ReadOnlySpan<byte> input, Http1Scratch scratch, ref TSink sink, out int used)
        where TSink : struct, IHttp1Sink, allows ref struct
    {
        used = 0;
        ref readonly Http1Limits limits = ref scratch.Limits;
        Http1Head none = default;
        Http1Fault fault = ReadLines(input, scratch, limits.MaxTrailerBytes, limits.MaxTrailers, hasStartLine: false, ref none, out int length, out ulong present);
        if (fault != Http1Fault.None) return Reject(OfTrailers(fault), _cursor.Start);
        if (length == 0) return Step.NeedMore;
        var trailers = new HeaderBlock(input[..length], scratch.Fields[.._fieldCount], present);
        if (!Trailers.TryFilter(trailers)) return Reject(Http1Fault.ForbiddenTrailer, 0);
        used = length;
        return ReportEnd(ref sink, trailers);
    }

    /// <summary>
    /// Reads lines up to and including the empty one. <paramref name="length"/> 0 without a fault: more is needed. Lines are checked as they
    /// complete; when the section came in pieces, its offsets are made in one more pass at the end, because the scratch is shared.
    /// </summary>
    private Http1Fault ReadLines(
        ReadOnlySpan<byte> input, Http1Scratch scratch, int maxBytes, int maxFields, bool hasStartLine, ref Http1Head head, out int length, out ulong present)
    {
        length = 0;
        present = 0;
        bool resumed = _cursor.Start != 0;
        ReadOnlySpan<byte> window = input[..Math.Min(input.Length, maxBytes)];
        Http1Fault fault = hasStartLine && !resumed ? ReadStartLine(window, scratch.Limits, ref head) : Http1Fault.None;
        if (fault != Http1Fault.None || (hasStartLine && _cursor.Start == 0)) return fault;

        fault = ReadFields(window, scratch.Fields[..maxFields], out length, out present);
        if (fault != Http1Fault.None) return fault;
        if (length == 0) return window.Length == maxBytes ? Http1Fault.HeadersTooLarge : Http1Fault.None;
        if (!resumed) return Http1Fault.None;
        _cursor.Reset();
        _fieldCount = 0;
        return ReadLines(input[..length], scratch, maxBytes, maxFields, hasStartLine, ref head, out length, out present);
    }

    /// <summary>The first line, if it is complete: then the cursor stands behind it.</summary>
    private Http1Fault ReadStartLine(ReadOnlySpan<byte> window, in Http1Limits limits, ref Http1Head head)
    {
        bool isWhole = window.Length < limits.MaxRequestLineBytes + 2;
        ReadOnlySpan<byte> view = isWhole ? window : window[..(limits.MaxRequestLineBytes + 2)];
        if (!_cursor.TryFindEnd(view, out int end, out Http1Fault fault))
        {
            return fault != Http1Fault.None || isWhole ? fault : WhyTooLong(view);
        }

        fault = _role == Http1Role.Server ? StartLine.ReadRequest(window[..end], ref head, limits) : StartLine.ReadStatus(window[..end], ref head);
        if (fault == Http1Fault.None) _cursor.Advance(end);
        return fault;
    }

    private Http1Fault ReadFields(ReadOnlySpan<byte> window, Span<HeaderField> fields, out int length, out ulong present)
    {
        LineCursor cursor = _cursor;
        int count = _fieldCount;
        Http1Fault fault = Http1Fault.None;
        length = 0;
        present = 0;
        while (cursor.TryFindEnd(window, out int end, out fault))
        {
            int start = cursor.Start;
            if (end == start)
            {
                length = end + 2;
                break;
            }

            fault = count == fields.Length ? Http1Fault.TooManyHeaders : FieldLine.Read(window, start, end, ref fields[count]);
            if (fault != Http1Fault.None) break;
            present |= 1UL << (int)fields[count].Known;
            count++;
            cursor.Advance(end);
        }

        _cursor = cursor;
        _fieldCount = (ushort)count;
        return fault;
    }

    /// <summary>It is the method that does not end, not the target (attacks T20).</summary>
    private readonly Http1Fault WhyTooLong(ReadOnlySpan<byte> line) =>
        _role == Http1Role.Client ? Http1Fault.MalformedStatusLine
        : line[..Math.Min(line.Length, HttpMethods.MaxLength + 1)].Contains((byte)' ') ? Http1Fault.RequestLineTooLong
        : Http1Fault.UnknownMethod;

    private static Http1Fault OfTrailers(Http1Fault fault) => fault switch
    {
        Http1Fault.HeadersTooLarge => Http1Fault.TrailersTooLarge,
        Http1Fault.TooManyHeaders => Http1Fault.TooManyTrailers,
        _ => fault,
    };

    private Step ReportEnd<TSink>(ref TSink sink, scoped in HeaderBlock trailers)
        where TSink : struct, IHttp1Sink, allows ref struct
    {
        BeginHead();
        if (_role == Http1Role.Client) _stage = Stage.Idle;
        sink.OnEnd(trailers);
        return Step.End;
    }

    private Step Reject(Http1Fault fault, int offset)
    {
        _stage = Stage.Rejected;
        Fault = fault;
        FaultOffset = offset;
        return Step.Reject;
    }
}
