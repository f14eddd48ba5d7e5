using System.Collections.Generic;

namespace Weft.Policy.Model;

/// <summary><c>istio.networking.nds.v1.NameTable</c>: DNS names and their addresses; <c>*.name</c> is a wildcard.</summary>
public sealed class NameTableConfig
{
    public string Name { get; set; } = "";

    public List<NameTableEntry> Entries { get; } = [];
}
