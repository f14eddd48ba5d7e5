using System.Collections.Generic;

namespace Weft.Policy.Model;

/// <summary>One listener filter and the original destination ports for which it is switched off (<c>filter_disabled</c>).</summary>
public sealed class ListenerFilterConfig
{
    public ListenerFilterKind Kind { get; set; }

    /// <summary>tls_inspector.initial_read_buffer_size in bytes; 0 is unset.</summary>
    public uint InitialReadBufferSize { get; set; }

    public List<PortRange> DisabledPorts { get; } = [];
}
