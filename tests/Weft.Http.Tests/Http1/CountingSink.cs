using System;
using Weft.Http.Http1;

namespace Weft.Http.Tests.Http1;

internal struct CountingSink : IHttp1Sink
{
    public long BodyBytes;
    public int Heads;
    public int Ends;

    public bool OnHead(scoped in Http1Head head)
    {
        Heads++;
        return true;
    }

    public bool OnBody(ReadOnlySpan<byte> chunk)
    {
        BodyBytes += chunk.Length;
        return true;
    }

    public void OnEnd(scoped in HeaderBlock trailers) => Ends++;
}
