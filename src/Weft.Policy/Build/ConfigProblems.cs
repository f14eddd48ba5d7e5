using System.Collections.Generic;
using Weft.Policy.Model;

namespace Weft.Policy.Build;

/// <summary>Every reason to refuse one resource, gathered in one pass. Paths are proto field paths from the resource's root.</summary>
public sealed class ConfigProblems
{
    private readonly List<ConfigProblem> _items = [];

    public IReadOnlyList<ConfigProblem> Items => _items;

    public bool Any => _items.Count > 0;

    public void Add(string fieldPath, string message) => _items.Add(new ConfigProblem(fieldPath, message));
}
