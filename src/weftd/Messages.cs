using Microsoft.Extensions.Logging;

namespace Weft.ControlHost;

internal static partial class Messages
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Information, EventName = "Serving",
        Message = "Serving discovery on {Secure} (TLS) and {Plaintext} (plaintext), source {Source}, {Milliseconds} ms after start")]
    public static partial void Serving(ILogger log, string secure, string plaintext, string source, long milliseconds);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, EventName = "Stopping", Message = "Stopping; {Proxies} connected proxies keep what they have")]
    public static partial void Stopping(ILogger log, int proxies);

    [LoggerMessage(EventId = 3, Level = LogLevel.Critical, EventName = "CannotStart", Message = "Cannot go on: {Reason}")]
    public static partial void CannotStart(ILogger log, string reason);

    [LoggerMessage(EventId = 4, Level = LogLevel.Warning, EventName = "SourceUnreadable",
        Message = "The source cannot be read, proxies keep what they have: {Problem}")]
    public static partial void SourceUnreadable(ILogger log, string problem);

    [LoggerMessage(EventId = 5, Level = LogLevel.Information, EventName = "SourceReadable", Message = "The source can be read again")]
    public static partial void SourceReadable(ILogger log);
}
