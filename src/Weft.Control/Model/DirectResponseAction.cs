using System;

namespace Weft.Control.Model;

/// <summary>Answer without going upstream.</summary>
public sealed record DirectResponseAction(int Status, string? Text, ReadOnlyMemory<byte> Bytes, Origin Origin);
