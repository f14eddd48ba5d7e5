using Microsoft.Extensions.Logging;
using Weft.Config;

namespace Weft.Serving.Publishing;

public sealed partial class MeshPublisher
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Information, EventName = "SourceSynced",
        Message = "Source synced: {Objects} objects in force, {Refused} refused, revision {Revision}")]
    private partial void LogSynced(int objects, int refused, long revision);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, EventName = "Published",
        Message = "In force: digest {Digest}, revision {Revision}, {Objects} objects")]
    private partial void LogPublished(string digest, long revision, int objects);

    [LoggerMessage(EventId = 3, Level = LogLevel.Warning, EventName = "ObjectRefused",
        Message = "Refused, the last good version stays in force: {Diagnostic}")]
    private partial void LogRefused(Diagnostic diagnostic);

    [LoggerMessage(EventId = 4, Level = LogLevel.Information, EventName = "ObjectDiagnostic",
        Message = "{Diagnostic}")]
    private partial void LogDiagnostic(Diagnostic diagnostic);

    [LoggerMessage(EventId = 5, Level = LogLevel.Information, EventName = "JournalLoaded",
        Message = "Serving the journalled set until the source has synced: {Objects} objects, digest {Digest}")]
    private partial void LogJournalLoaded(int objects, string digest);

    [LoggerMessage(EventId = 6, Level = LogLevel.Warning, EventName = "JournalEntryUnreadable",
        Message = "Journal entry {Problem}")]
    private partial void LogJournalEntry(string problem);

    [LoggerMessage(EventId = 7, Level = LogLevel.Debug, EventName = "EndpointsPublished",
        Message = "Endpoints changed: digest {Digest}, revision {Revision}")]
    private partial void LogEndpoints(string digest, long revision);
}
