using System.Collections.Generic;

namespace Weft.Policy.Model;

/// <summary>One name. Lower-case, without a trailing dot.</summary>
public sealed record NameTableEntry(string Host, IReadOnlyList<IpAddress> Addresses, string Registry, string ShortName, string Namespace);
