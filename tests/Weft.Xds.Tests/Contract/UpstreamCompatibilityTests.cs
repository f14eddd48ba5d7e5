using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Google.Protobuf.Reflection;
using Weft.Testing;
using Weft.Xds.Wire;

namespace Weft.Xds.Tests.Contract;

/// <summary>
/// Our protos are upstream's with most of it left out: whatever we name is there with the same number, type and label. Names and numbers of
/// istio.* come from istio/istio and istio/api and weft.* is ours: neither is in the yardstick.
/// </summary>
public sealed class UpstreamCompatibilityTests
{
    private static readonly string Ours = Path.Combine(RepositoryPaths.Root, "src/Weft.Xds/Protos");

    /// <summary>Fields that upstream has and the yardstick is too old for, as message.field. None so far.</summary>
    private static readonly HashSet<string> Newer = [];

    [Fact]
    public void OurProtos_EveryMessageFieldAndEnumValue_IsUpstreams()
    {
        SkipWithoutUpstream();
        var (messages, enums) = ProtoCompiler.Flatten(ProtoCompiler.Compile([Ours], OurFiles()));
        var (upstream, upstreamEnums) = ProtoCompiler.Flatten(Upstream());
        var differences = new List<string>();
        foreach (var (name, message) in messages.Where(m => IsCompared(m.Key)))
        {
            if (!upstream.TryGetValue(name, out var theirs)) differences.Add($"message {name} is not upstream");
            else foreach (var field in message.Field) Compare(name, field, message, theirs, differences);
        }

        foreach (var (name, one) in enums.Where(e => IsCompared(e.Key)))
        {
            if (!upstreamEnums.TryGetValue(name, out var theirs)) differences.Add($"enum {name} is not upstream");
            else differences.AddRange(one.Value.Where(v => !theirs.Value.Any(t => t.Name == v.Name && t.Number == v.Number)).Select(v => $"{name}.{v.Name} = {v.Number}"));
        }

        Assert.Empty(differences);
        Assert.True(messages.Keys.Count(IsCompared) > 100, "too little was compared");
    }

    [Fact]
    public void MessagesTxt_FieldsThatWeOnlyName_HaveUpstreamsNumbers()
    {
        SkipWithoutUpstream();
        var (upstream, _) = ProtoCompiler.Flatten(Upstream());
        var wrong = MessageCatalog.Shared.Messages
            .Where(message => IsCompared(message.FullName))
            .SelectMany(message => message.Fields
                .Where(field => !upstream[message.FullName].Field.Any(theirs => theirs.Name == field.Name && theirs.Number == field.Number))
                .Select(field => $"{message.FullName}.{field.Name} = {field.Number}"));

        Assert.Empty(wrong);
    }

    private static void Compare(string message, FieldDescriptorProto field, DescriptorProto ours, DescriptorProto theirs, List<string> differences)
    {
        var full = $"{message}.{field.Name}";
        var other = theirs.Field.FirstOrDefault(f => f.Name == field.Name);
        if (other is null)
        {
            if (!Newer.Contains(full)) differences.Add($"{full} is not upstream");
        }
        else if (other.Number != field.Number || other.Type != field.Type || other.TypeName != field.TypeName || other.Label != field.Label)
        {
            differences.Add($"{full}: {field.Label} {field.Type} {field.TypeName} = {field.Number}, upstream {other.Label} {other.Type} {other.TypeName} = {other.Number}");
        }
        else if (OneofOf(field, ours) != OneofOf(other, theirs))
        {
            differences.Add($"{full} is in oneof '{OneofOf(field, ours)}', upstream in '{OneofOf(other, theirs)}'");
        }
    }

    private static string OneofOf(FieldDescriptorProto field, DescriptorProto message) => field.HasOneofIndex ? message.OneofDecl[field.OneofIndex].Name : "";

    private static bool IsCompared(string name) =>
        (name.StartsWith("envoy.", StringComparison.Ordinal) || name.StartsWith("xds.", StringComparison.Ordinal)
            || name.StartsWith("udpa.", StringComparison.Ordinal) || name.StartsWith("google.rpc.", StringComparison.Ordinal))
        && !name.EndsWith("Entry", StringComparison.Ordinal);

    private static IEnumerable<string> OurFiles() =>
        Directory.EnumerateFiles(Ours, "*.proto", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Ours, path)).Order();

    /// <summary>Every upstream file of a package that we have a file of.</summary>
    private static FileDescriptorSet Upstream()
    {
        var folders = OurFiles().Select(file => Path.GetDirectoryName(file)!).Distinct();
        var files = from folder in folders
                    from root in UpstreamProtos.Roots
                    let path = Path.Combine(root, folder)
                    where Directory.Exists(path)
                    from file in Directory.EnumerateFiles(path, "*.proto")
                    select Path.GetRelativePath(root, file);
        return ProtoCompiler.Compile(UpstreamProtos.Roots, files);
    }

    private static void SkipWithoutUpstream()
    {
        var reason = UpstreamProtos.Fetch();
        Assert.SkipWhen(reason is not null, reason ?? "");
    }
}
