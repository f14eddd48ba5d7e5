using System;
using System.Collections.Generic;

namespace Weft.Config;

/// <summary>
/// Field path → place, for one object: <c>spec.http[0].route[1].weight</c> → line and column. Immutable; any thread. Built from the node tree of a file, or
/// from the annotations <c>weft.dev/source</c> and <c>weft.dev/source-map</c> with which <c>weft up</c>'s store passes the places on.
/// </summary>
public sealed class SourceMap
{
    /// <summary>Nothing is known: an object made in code or read from a cluster.</summary>
    public static SourceMap Empty { get; } = new(null, new Dictionary<string, (int, int)>());

    private readonly IReadOnlyDictionary<string, (int Line, int Column)> _places;

    public SourceMap(string? file, IReadOnlyDictionary<string, (int Line, int Column)> places)
    {
        File = file;
        _places = places;
    }

    public string? File { get; }

    /// <summary>Every path with its line and column; the object itself has the path "".</summary>
    public IReadOnlyDictionary<string, (int Line, int Column)> Places => _places;

    /// <summary>The place of a field, or of its nearest ancestor that has one: never fails.</summary>
    public SourceLocation Locate(string fieldPath)
    {
        string path = fieldPath;
        while (true)
        {
            if (_places.TryGetValue(path, out (int Line, int Column) place))
            {
                return new SourceLocation(File, place.Line, place.Column);
            }

            if (path.Length == 0)
            {
                return new SourceLocation(File, 0, 0);
            }

            int cut = Math.Max(path.LastIndexOf('.'), path.LastIndexOf('['));
            path = cut <= 0 ? "" : path[..cut];
        }
    }
}
