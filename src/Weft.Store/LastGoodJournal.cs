using System;
using System.Collections.Generic;
using System.IO;
using Weft.Config;

namespace Weft.Store;

/// <summary>Last good versions in a <see cref="Journal"/>, so that a file that is broken at the next start still has its objects. Single thread.</summary>
internal static class LastGoodJournal
{
    /// <summary>What the journal holds; entries that no longer read are left out.</summary>
    internal static Dictionary<ObjectKey, Resource> Load(Journal? journal)
    {
        var found = new Dictionary<ObjectKey, Resource>();
        foreach (ReadOnlyMemory<byte> json in journal?.Entries.Values ?? [])
        {
            if (ResourceReader.ReadJson(json.Span, ReadOptions.FromApi).Objects is [{ IsRefused: false, Resource: { } resource }])
            {
                found[resource.Key] = resource;
            }
        }

        return found;
    }

    /// <summary>Brings the journal to <paramref name="good"/>; the answer says what went wrong, or is null.</summary>
    internal static string? Save(Journal? journal, Dictionary<ObjectKey, Resource> good)
    {
        if (journal is null)
        {
            return null;
        }

        var changes = new List<KeyValuePair<string, ReadOnlyMemory<byte>?>>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach ((ObjectKey key, Resource resource) in good)
        {
            string name = $"{key.Group}|{key.Kind}|{key.Namespace}|{key.Name}";
            byte[] json = ResourceJson.ToBytes(resource);
            names.Add(name);
            if (!journal.Entries.TryGetValue(name, out ReadOnlyMemory<byte> old) || !old.Span.SequenceEqual(json))
            {
                changes.Add(new(name, json));
            }
        }

        foreach (string name in journal.Entries.Keys)
        {
            if (!names.Contains(name))
            {
                changes.Add(new(name, null));
            }
        }

        try
        {
            journal.Write(changes);
            return null;
        }
        catch (IOException e)
        {
            return e.Message;
        }
    }
}
