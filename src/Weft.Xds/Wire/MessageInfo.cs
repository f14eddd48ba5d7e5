using System.Collections.Generic;

namespace Weft.Xds.Wire;

/// <summary>A message by its fields. Immutable once the catalog is read.</summary>
internal sealed class MessageInfo(string fullName)
{
    private FieldInfo?[] _byNumber = [];

    /// <summary>As in a type URL, without <c>type.googleapis.com/</c>.</summary>
    public string FullName { get; } = fullName;

    public IEnumerable<FieldInfo> Fields
    {
        get
        {
            foreach (var info in _byNumber)
            {
                if (info is not null) yield return info;
            }
        }
    }

    public FieldInfo? Find(int number) => (uint)number < (uint)_byNumber.Length ? _byNumber[number] : null;

    public void Add(FieldInfo field)
    {
        if (field.Number >= _byNumber.Length) System.Array.Resize(ref _byNumber, field.Number + 1);
        _byNumber[field.Number] = field;
    }
}
