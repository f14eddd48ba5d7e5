namespace Weft.Xds.Wire;

/// <summary>What the proxy does about a field that it knows by name.</summary>
internal enum FieldHandling : byte
{
    /// <summary>Read and obeyed.</summary>
    Enforced,

    /// <summary>Changes neither routing nor security: ignored and counted.</summary>
    Harmless,

    /// <summary>Not obeyed, so it must say what we do anyway: its default.</summary>
    RefusedUnlessDefault,

    /// <summary>Not obeyed; even an empty message would change what is done.</summary>
    Refused,
}
