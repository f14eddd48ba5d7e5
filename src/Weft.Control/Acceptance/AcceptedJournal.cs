using System;
using System.Collections.Generic;
using Weft.Config;
using Weft.Store;

namespace Weft.Control.Acceptance;

/// <summary>
/// The accepted set on disk: written before it is pushed, read at start, so that a restart serves the same under the same digest. Single writer.
/// </summary>
public sealed class AcceptedJournal(Journal journal) : IDisposable
{
    /// <summary>What was in force. An entry that this version cannot read is left out and reported: the source will say it again.</summary>
    public IEnumerable<Resource> Load(Action<string>? report = null)
    {
        foreach ((string key, ReadOnlyMemory<byte> bytes) in journal.Entries)
        {
            Resource? resource = null;
            try
            {
                foreach (ReadResult result in ResourceReader.ReadJson(bytes.Span, ReadOptions.FromApi).Objects)
                {
                    resource = result.IsRefused ? null : result.Resource;
                }
            }
            catch (Exception exception) when (exception is FormatException or InvalidOperationException or ArgumentException)
            {
                report?.Invoke($"{key}: {exception.Message}");
            }

            if (resource is not null)
            {
                yield return resource;
            }
            else
            {
                report?.Invoke($"{key}: cannot be read any more and is left out until the source says it again");
            }
        }
    }

    /// <summary>Durable when it returns.</summary>
    public void Write(IReadOnlyList<KeyValuePair<ObjectKey, Resource?>> changes)
    {
        if (changes.Count == 0)
        {
            return;
        }

        var records = new List<KeyValuePair<string, ReadOnlyMemory<byte>?>>(changes.Count);
        foreach ((ObjectKey key, Resource? resource) in changes)
        {
            ReadOnlyMemory<byte>? bytes = resource is null ? null : ResourceJson.ToBytes(resource);
            records.Add(KeyValuePair.Create($"{key.Group}/{key.Kind}/{key.Namespace}/{key.Name}", bytes));
        }

        journal.Write(records);
    }

    public void Dispose() => journal.Dispose();
}
