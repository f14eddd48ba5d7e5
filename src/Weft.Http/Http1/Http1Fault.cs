namespace Weft.Http.Http1;

/// <summary>What was wrong with a peer's bytes. Names and statuses: <see cref="Http1Faults"/>. Numbers may change, names do not.</summary>
public enum Http1Fault : byte
{
    None = 0,

    // Lines
    BareLineFeed,
    BareCarriageReturn,
    ControlCharacter,
    ObsoleteFold,
    EmptyHeaderName,
    InvalidHeaderName,
    MissingColon,
    HeadersTooLarge,
    TooManyHeaders,

    // Start lines
    MalformedRequestLine,
    InvalidMethod,
    UnknownMethod,
    InvalidTarget,
    TargetFragment,
    RequestLineTooLong,
    MalformedVersion,
    UnsupportedVersion,
    MalformedStatusLine,
    InvalidStatus,

    // Host
    MissingHost,
    DuplicateHost,
    InvalidHost,

    // Framing
    InvalidContentLength,
    DuplicateContentLength,
    ContentLengthAndTransferEncoding,
    InvalidTransferEncoding,
    DuplicateTransferEncoding,
    UnsupportedTransferEncoding,
    TransferEncodingInHttp10,
    ForbiddenBody,
    BodyTooLarge,

    // Connection management
    InvalidConnection,
    ConnectionNominatesEndToEnd,
    UnsupportedExpectation,
    ConnectNotAllowed,

    // Chunked
    InvalidChunkSize,
    InvalidChunkExtension,
    ChunkExtensionTooLarge,
    MissingChunkTerminator,
    ForbiddenTrailer,
    TrailersTooLarge,
    TooManyTrailers,

    // Responses and endings
    UnsolicitedResponse,
    UnexpectedUpgrade,
    TooManyInterimResponses,
    Truncated,
}
