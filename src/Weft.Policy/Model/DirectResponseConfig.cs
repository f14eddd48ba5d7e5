using System;

namespace Weft.Policy.Model;

/// <summary>DirectResponseAction as written.</summary>
public sealed class DirectResponseConfig
{
    public int Status { get; set; }

    public ReadOnlyMemory<byte> Body { get; set; }
}
