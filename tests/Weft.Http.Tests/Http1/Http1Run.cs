using System;
using System.Text;
using Weft.Http.Http1;

namespace Weft.Http.Tests.Http1;

/// <summary>A parser with a sink whose answers a test chooses, for what a transcript does not show: pauses, consumed bytes, states.</summary>
internal sealed class Http1Run(Http1Role role = Http1Role.Server)
{
    public Http1Parser Parser = new(role);

    private readonly Http1Scratch _scratch = new(new Http1Limits());

    public bool PauseAtHead { get; init; }

    public bool PauseAtBody { get; init; }

    public int Consumed { get; private set; }

    public string Body { get; private set; } = "";

    public int Heads { get; private set; }

    public int Ends { get; private set; }

    public Progress Push(string bytes)
    {
        var sink = new Sink { Run = this };
        Progress progress = Parser.Push(Encoding.Latin1.GetBytes(bytes), _scratch, ref sink, out int consumed);
        Consumed = consumed;
        return progress;
    }

    public Progress PushEof()
    {
        var sink = new Sink { Run = this };
        return Parser.PushEof(ref sink);
    }

    private struct Sink : IHttp1Sink
    {
        public Http1Run Run;

        public readonly bool OnHead(scoped in Http1Head head)
        {
            Run.Heads++;
            return !Run.PauseAtHead;
        }

        public readonly bool OnBody(ReadOnlySpan<byte> chunk)
        {
            Run.Body += Encoding.Latin1.GetString(chunk);
            return !Run.PauseAtBody;
        }

        public readonly void OnEnd(scoped in HeaderBlock trailers) => Run.Ends++;
    }
}
