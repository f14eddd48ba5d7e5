using System;
using System.Collections.Generic;
using Weft.Config;

namespace Weft.Store;

/// <summary>
/// From what files say to what the store should hold: last good versions for broken objects, one place for each object, every problem named. Pure but for
/// <c>lastGood</c>, which it keeps up to date.
/// </summary>
internal sealed class DirectoryMerge(Dictionary<ObjectKey, Resource> lastGood)
{
    private readonly Dictionary<ObjectKey, SourceLocation> _places = [];

    /// <summary>What the store should hold.</summary>
    internal Dictionary<ObjectKey, Resource> Desired { get; } = [];

    internal List<ObjectKey> Refused { get; } = [];

    internal List<Diagnostic> Diagnostics { get; } = [];

    internal void Add(DirectoryFile file)
    {
        Diagnostics.AddRange(file.Content.Diagnostics);
        foreach (ReadResult result in file.Content.Objects)
        {
            Diagnostics.AddRange(result.Diagnostics);
            if (result.Resource is { } resource)
            {
                Add(file, result, resource);
            }
            else if (result.Diagnostics is [{ Severity: DiagnosticSeverity.Error, Object: { } unread }, ..])
            {
                Refused.Add(unread);
            }
        }
    }

    /// <summary>After all files: a document that could not be read at all may have been any object that its file had before, so those stay.</summary>
    internal void KeepWhatBrokenFilesHad(DirectoryFile file)
    {
        if (!file.Content.IsIncomplete)
        {
            return;
        }

        string problem = file.Content.Diagnostics.Count > 0 ? file.Content.Diagnostics[0].ToString() : "the file cannot be read";
        foreach ((ObjectKey key, Resource good) in lastGood)
        {
            if (good.Metadata.Annotations.GetValueOrDefault(SourceMaps.SourceAnnotation) == file.Name && !_places.ContainsKey(key) && Desired.TryAdd(key, WithError(good, problem)))
            {
                Refused.Add(key);
            }
        }
    }

    private void Add(DirectoryFile file, ReadResult result, Resource resource)
    {
        ObjectKey key = resource.Key;
        var place = new SourceLocation(file.Name, resource.Content.Line, resource.Content.Column);
        if (_places.TryGetValue(key, out SourceLocation first))
        {
            Diagnostics.Add(new Diagnostic(DiagnosticSeverity.Error, DiagnosticCodes.DuplicateObject, place, key, "",
                $"{key} is also at {first}, which is the one that applies; remove one of them."));
            Refused.Add(key);
            return;
        }

        _places[key] = place;
        if (!result.IsRefused)
        {
            Resource good = SourceMaps.Annotate(Clean(resource));
            lastGood[key] = good;
            Desired[key] = good;
            return;
        }

        Refused.Add(key);
        string problem = FirstError(result);
        if (lastGood.TryGetValue(key, out Resource? last))
        {
            Desired[key] = WithError(last, problem);
        }
        else if (resource.Type.IsIstio && resource.Name.Length > 0)
        {
            // weftd must see it: its own journal may hold a last good version, and without one a broken policy has to fail closed (design section 5).
            Desired[key] = WithError(SourceMaps.Annotate(Clean(resource)), problem);
        }
    }

    private static string FirstError(ReadResult result)
    {
        foreach (Diagnostic diagnostic in result.Diagnostics)
        {
            if (diagnostic.Severity == DiagnosticSeverity.Error)
            {
                return diagnostic.ToString();
            }
        }

        return "";
    }

    /// <summary>Without what only a server may say; <c>kubectl get -o yaml</c> puts it into files.</summary>
    private static Resource Clean(Resource resource) =>
        resource.With(resource.Metadata with { Uid = "", ResourceVersion = "", Generation = 0, CreationTimestamp = null, DeletionTimestamp = null });

    private static Resource WithError(Resource resource, string problem) =>
        resource.With(resource.Metadata with
        {
            Annotations = new Dictionary<string, string>(resource.Metadata.Annotations, StringComparer.Ordinal) { [SourceMaps.ErrorAnnotation] = problem },
        });
}
