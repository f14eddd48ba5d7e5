using Weft.Http.Http1;

namespace Weft.Http.Tests.Http1;

internal static class ParserExtensions
{
    /// <summary>One push of everything, with default limits.</summary>
    public static Progress PushOnce<TSink>(this Http1Parser parser, byte[] input, ref TSink sink)
        where TSink : struct, IHttp1Sink => parser.Push(input, new Http1Scratch(new Http1Limits()), ref sink, out _);
}
