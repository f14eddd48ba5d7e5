using System;
using System.Collections.Generic;
using System.Collections.Immutable;

namespace Weft.Control.Model;

/// <summary>Who may see an object: Istio's <c>exportTo</c> (istio.md 1.0). Immutable.</summary>
public sealed class ExportScope : IEquatable<ExportScope>
{
    private readonly bool _everyone;
    private readonly bool _own;
    private readonly ImmutableHashSet<string> _namespaces;

    private ExportScope(bool everyone, bool own, ImmutableHashSet<string> namespaces)
    {
        _everyone = everyone;
        _own = own;
        _namespaces = namespaces;
    }

    public static ExportScope Everywhere { get; } = new(true, false, []);

    /// <summary>True when every namespace sees it.</summary>
    public bool IsEveryone => _everyone;

    /// <summary>True when only the object's own namespace sees it; such objects win over exported ones for the same host.</summary>
    public bool IsPrivate => _own && !_everyone && _namespaces.IsEmpty;

    /// <summary><c>*</c> all, <c>.</c> the object's namespace, <c>~</c> nobody, else namespace names; an empty list means the mesh default, everybody.</summary>
    public static ExportScope Parse(IReadOnlyList<string> entries)
    {
        if (entries.Count == 0)
        {
            return Everywhere;
        }

        bool everyone = false, own = false;
        var namespaces = ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal);
        foreach (string entry in entries)
        {
            switch (entry)
            {
                case "*": everyone = true; break;
                case ".": own = true; break;
                case "~": break;
                default: namespaces.Add(entry); break;
            }
        }

        return new ExportScope(everyone, own, namespaces.ToImmutable());
    }

    public bool IsVisible(string ownNamespace, string viewer) =>
        _everyone || (_own && string.Equals(ownNamespace, viewer, StringComparison.Ordinal)) || _namespaces.Contains(viewer);

    public bool Equals(ExportScope? other) =>
        other is not null && _everyone == other._everyone && _own == other._own && _namespaces.SetEquals(other._namespaces);

    public override bool Equals(object? obj) => Equals(obj as ExportScope);

    public override int GetHashCode() => HashCode.Combine(_everyone, _own, _namespaces.Count);
}
