using System.Collections.Generic;
using Weft.Policy.Model;

namespace Weft.Xds.Wire;

/// <summary>Everything that a walk over one resource finds. Not thread-safe; one per decode.</summary>
internal sealed class WalkReport
{
    /// <summary>Enough for a person to see the pattern, few enough for one gRPC status message.</summary>
    private const int MaxProblems = 32;

    public FieldPath Path { get; } = new();

    public List<ConfigProblem> Problems { get; } = [];

    /// <summary>Problems beyond those kept.</summary>
    public int Omitted { get; private set; }

    /// <summary>Fields ignored because they are known to be harmless.</summary>
    public int IgnoredFields { get; set; }

    /// <summary>filter_metadata["weft.dev"].mesh_key of a listener or route configuration; empty elsewhere.</summary>
    public string MeshKey { get; set; } = "";

    /// <summary>True when bytes were met that are no message: what they mean beyond that cannot be said.</summary>
    public bool IsMalformed { get; set; }

    public bool IsClean => Problems.Count == 0;

    /// <summary>Enters a field until the result is disposed.</summary>
    public PathScope At(string name, int index = -1)
    {
        Path.Enter(name, index);
        return new PathScope(Path);
    }

    /// <summary>A problem at the present place, or at the field <paramref name="field"/> in it.</summary>
    public void Add(string field, string message) => Add(new ConfigProblem(Path.With(field), message));

    /// <summary>What the compilers found, without what the readers said already about the same field.</summary>
    public void Merge(IReadOnlyList<ConfigProblem> found)
    {
        foreach (var compiled in found)
        {
            var problem = compiled with { FieldPath = compiled.FieldPath.TrimStart('.') };
            if (!Problems.Exists(known => IsSamePlace(known.FieldPath, problem.FieldPath))) Add(problem);
        }
    }

    /// <summary>The compilers are less exact about indexes and leaves: "a.b" and "a.b[0].c" are the same place, "a.b" and "a.bc" are not.</summary>
    private static bool IsSamePlace(string known, string found)
    {
        var (shorter, longer) = known.Length < found.Length ? (known, found) : (found, known);
        return longer.StartsWith(shorter, System.StringComparison.Ordinal)
            && (shorter.Length == longer.Length || (shorter.Length > 0 && longer[shorter.Length] is '.' or '['));
    }

    public void Add(ConfigProblem problem)
    {
        if (Problems.Count < MaxProblems) Problems.Add(problem);
        else Omitted++;
    }
}
