using System;
using System.Threading;

namespace Weft.Config;

/// <summary>
/// One Kubernetes object: envelope, the tree as written, the places of its fields, and (in <see cref="Resource{T}"/>) the typed record. Immutable; any thread.
/// </summary>
public abstract class Resource
{
    private string? _digest;
    private SourceMap? _source;

    private protected Resource(KindInfo kind, string apiVersion, ObjectMeta metadata, ResourceNode content, string? file)
    {
        Type = kind;
        ApiVersion = apiVersion;
        Metadata = metadata;
        Content = content;
        File = file;
    }

    public KindInfo Type { get; }

    /// <summary>As written: any served version of the group reads the same.</summary>
    public string ApiVersion { get; }

    public string Kind => Type.Kind;

    public ObjectMeta Metadata { get; }

    public string Name => Metadata.Name;

    public string Namespace => Metadata.Namespace;

    public ObjectKey Key => new(Type.Group, Type.Kind, Metadata.Namespace, Metadata.Name);

    /// <summary>The root mapping as read. <see cref="Metadata"/> wins over its <c>metadata</c>; everything else is what the object says.</summary>
    public ResourceNode Content { get; }

    /// <summary>The file it was read from, or null.</summary>
    public string? File { get; }

    /// <summary>Places of the fields; made on first use.</summary>
    public SourceMap Source => _source ?? Interlocked.CompareExchange(ref _source, SourceMaps.Of(this), null) ?? _source;

    /// <summary>
    /// SHA-256 (lower-case hex) of what the object means: canonical JSON of labels, annotations and content, without positions, resourceVersion, uid,
    /// generation, timestamps, managedFields, status and <c>weft.dev/source*</c>. Equal digest = equal meaning.
    /// </summary>
    public string Digest => _digest ?? Interlocked.CompareExchange(ref _digest, MeaningDigest.Of(this), null) ?? _digest;

    /// <summary>The typed record as an object; <see cref="Resource{T}.Spec"/> has its type.</summary>
    public abstract object SpecObject { get; }

    /// <summary>The same object with other metadata.</summary>
    public abstract Resource With(ObjectMeta metadata);

    /// <summary>The same object with another tree, bound again. Throws <see cref="ArgumentException"/> when the tree does not bind: code makes it, not a user.</summary>
    public Resource WithContent(ResourceNode content)
    {
        ReadResult result = ResourceReader.Read(content.With("metadata", null), ReadOptions.FromApi with { Metadata = Metadata, File = File });
        return result.Resource ?? throw new ArgumentException("The tree does not bind: " + string.Join("; ", result.Diagnostics));
    }

    /// <summary>The same object with another status.</summary>
    public Resource WithStatus(ResourceNode? status) => WithContent(Content.With("status", status));

    public override string ToString() => Key.ToString();
}

/// <summary>An object whose record is a <typeparamref name="T"/>: for Istio kinds the <c>spec</c>, for core kinds the whole body.</summary>
public sealed class Resource<T> : Resource
    where T : class
{
    internal Resource(KindInfo kind, string apiVersion, ObjectMeta metadata, ResourceNode content, string? file, T spec)
        : base(kind, apiVersion, metadata, content, file) => Spec = spec;

    public T Spec { get; }

    public override object SpecObject => Spec;

    public override Resource<T> With(ObjectMeta metadata) => new(Type, ApiVersion, metadata, Content, File, Spec);
}
