namespace Weft.Http.Http1;

/// <summary>How an upstream's answer goes on to a client: the framing on our hop and whether that connection lives on.</summary>
/// <param name="Framing">Framing towards the client; <see cref="BodyFraming.Length"/> means the received Content-Length is forwarded.</param>
/// <param name="KeepAlive">False: say <c>Connection: close</c> and close after the answer.</param>
/// <param name="WritesKeepAlive">The client speaks HTTP/1.0 and must be told that the connection stays.</param>
public readonly record struct ResponsePlan(BodyFraming Framing, bool KeepAlive, bool WritesKeepAlive)
{
    /// <summary>
    /// Decides from both sides. A body without a length becomes chunked for HTTP/1.1 and ends with the connection for HTTP/1.0,
    /// which knows no chunks (RFC 9112 §6.1).
    /// </summary>
    /// <param name="clientVersion">Version of the request.</param>
    /// <param name="clientKeepAlive">What the request's head said.</param>
    /// <param name="upstream">Framing of the upstream's answer.</param>
    /// <param name="mayKeepAlive">False while draining, or when the request's body was not read to its end (attacks T25).</param>
    public static ResponsePlan Decide(HttpVersion clientVersion, bool clientKeepAlive, BodyFraming upstream, bool mayKeepAlive = true)
    {
        bool http10 = clientVersion == HttpVersion.Http10;
        BodyFraming framing = upstream switch
        {
            BodyFraming.Chunked or BodyFraming.UntilClose when http10 => BodyFraming.UntilClose,
            BodyFraming.UntilClose => BodyFraming.Chunked,
            _ => upstream,
        };
        bool keepAlive = clientKeepAlive && mayKeepAlive && framing != BodyFraming.UntilClose;
        return new ResponsePlan(framing, keepAlive, keepAlive && http10);
    }
}
