namespace Weft.Http.Http1;

/// <summary>Which side of the connection we are. Data, not a subclass.</summary>
public enum Http1Role : byte
{
    /// <summary>We are the server: requests come in.</summary>
    Server,

    /// <summary>We are the client: responses come in, one for each <see cref="Http1Parser.ExpectResponse"/>.</summary>
    Client,
}
