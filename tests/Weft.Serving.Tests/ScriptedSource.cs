using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Channels;
using Weft.Config;
using Weft.Store;

namespace Weft.Serving.Tests;

/// <summary>A source that says what a test tells it to.</summary>
internal sealed class ScriptedSource : IObjectSource
{
    private readonly Channel<ObjectBatch> _batches = Channel.CreateUnbounded<ObjectBatch>();
    private long _revision;

    public IAsyncEnumerable<ObjectBatch> ReadAllAsync(CancellationToken cancellation) => _batches.Reader.ReadAllAsync(cancellation);

    /// <summary>Objects come or change; returns the revision.</summary>
    public long Say(string yaml, bool isSynced = true)
    {
        _batches.Writer.TryWrite(new ObjectBatch([.. Read(yaml)], isSynced, ++_revision));
        return _revision;
    }

    public long Delete(params ObjectKey[] keys)
    {
        _batches.Writer.TryWrite(new ObjectBatch([.. keys.Select(k => new ObjectChange(k, null))], true, ++_revision));
        return _revision;
    }

    /// <summary>Like a watch: from JSON, and broken objects come through with their diagnostics.</summary>
    private static IEnumerable<ObjectChange> Read(string yaml) =>
        ResourceReader.ReadYaml(yaml, ReadOptions.FromApi).Objects
            .Select(o => ResourceReader.ReadJson(ResourceJson.ToBytes(o.Resource!), ReadOptions.FromApi).Objects[0])
            .Select(o => new ObjectChange(o.Resource!.Key, o));
}
