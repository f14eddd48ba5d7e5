using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Weft.Xds.Wire;

/// <summary>Where a walk is, as one would write it: <c>filter_chains[0].filters[1].typed_config</c>. Becomes text only when there is something to say.</summary>
internal sealed class FieldPath
{
    private readonly List<(string Name, int Index, string? Key)> _steps = [];

    public int Depth => _steps.Count;

    public void Enter(string name, int index = -1) => _steps.Add((name, index, null));

    public void EnterKey(string name, string key) => _steps.Add((name, -1, key));

    public void Leave() => _steps.RemoveAt(_steps.Count - 1);

    public void Clear() => _steps.Clear();

    /// <summary>The path, and <paramref name="last"/> after it unless that is empty.</summary>
    public string With(string last)
    {
        var text = new StringBuilder();
        foreach (var (name, index, key) in _steps)
        {
            if (text.Length > 0) text.Append('.');
            text.Append(name);
            if (index >= 0) text.Append('[').Append(index.ToString(CultureInfo.InvariantCulture)).Append(']');
            if (key is not null) text.Append("[\"").Append(key).Append("\"]");
        }

        if (last.Length == 0) return text.ToString();
        if (text.Length > 0) text.Append('.');
        return text.Append(last).ToString();
    }
}
