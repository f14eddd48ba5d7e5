namespace Weft.Http.Http1;

/// <summary>Why <see cref="Http1Parser.Push{TSink}"/> came back.</summary>
public enum Progress : byte
{
    /// <summary>All that could be used was used; call again with the unconsumed rest and more.</summary>
    NeedMore,

    /// <summary>A message ended exactly at <c>consumed</c>; what follows belongs to the next.</summary>
    MessageEnd,

    /// <summary>The sink asked to stop. Call again, also with no new bytes, to go on.</summary>
    Paused,

    /// <summary>The peer broke the protocol: read <see cref="Http1Parser.Fault"/>. The connection is of no further use.</summary>
    Rejected,
}
