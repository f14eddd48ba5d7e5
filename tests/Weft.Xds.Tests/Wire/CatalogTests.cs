using System.Collections.Generic;
using System.Linq;
using Google.Protobuf.Reflection;
using Weft.Xds.Wire;

namespace Weft.Xds.Tests.Wire;

/// <summary>messages.txt says the same as the protos: a field that the table forgot would be refused, a wrong kind read wrongly.</summary>
public sealed class CatalogTests
{
    private static readonly Dictionary<string, MessageDescriptor> Protos = Descriptors();

    public static TheoryData<string> Messages() => [.. MessageCatalog.Shared.Messages.Select(m => m.FullName).Where(n => !n.StartsWith("google.protobuf.", System.StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Messages))]
    public void Catalog_EveryMessage_HasExactlyTheFieldsOfItsProto(string fullName)
    {
        var table = MessageCatalog.Shared.Messages.Single(m => m.FullName == fullName);
        var proto = Protos[fullName];
        foreach (var field in proto.Fields.InFieldNumberOrder())
        {
            var row = table.Find(field.FieldNumber);
            Assert.True(row is not null, $"{fullName}.{field.Name} is not in messages.txt");
            Assert.Equal(field.Name, row!.Name);
            if (row.Handling != FieldHandling.Enforced) continue;
            Assert.Equal(field.IsMap, row.IsMap);
            Assert.Equal(field.IsRepeated && !field.IsMap, row.IsRepeated);
            Assert.Equal(KindOf(field.IsMap ? field.MessageType.FindFieldByNumber(2) : field), row.Kind);
        }

        // What only the table has is never enforced: there it names what upstream has and we refuse or ignore.
        var own = proto.Fields.InFieldNumberOrder().Select(f => f.FieldNumber).ToHashSet();
        Assert.All(table.Fields.Where(f => !own.Contains(f.Number)), f => Assert.NotEqual(FieldHandling.Enforced, f.Handling));
    }

    private static FieldKind KindOf(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Bool => FieldKind.Bool,
        FieldType.Int32 => FieldKind.Int32,
        FieldType.UInt32 => FieldKind.UInt32,
        FieldType.Int64 => FieldKind.Int64,
        FieldType.UInt64 => FieldKind.UInt64,
        FieldType.Enum => FieldKind.Enum,
        FieldType.Double => FieldKind.Double,
        FieldType.String => FieldKind.Text,
        FieldType.Bytes => FieldKind.Bytes,
        _ => field.MessageType.FullName switch
        {
            "google.protobuf.Any" => FieldKind.Any,
            "google.protobuf.Struct" or "google.protobuf.Value" => FieldKind.Struct,
            _ => FieldKind.Message,
        },
    };

    private static Dictionary<string, MessageDescriptor> Descriptors()
    {
        var all = new Dictionary<string, MessageDescriptor>();
        var files = typeof(XdsTypes).Assembly.GetTypes()
            .Where(t => t.Name.EndsWith("Reflection", System.StringComparison.Ordinal) && t.Namespace!.StartsWith("Weft.Xds.Proto", System.StringComparison.Ordinal))
            .Select(t => (FileDescriptor)t.GetProperty("Descriptor")!.GetValue(null)!);
        foreach (var file in files)
        {
            foreach (var message in file.MessageTypes) Add(message, all);
        }

        return all;
    }

    private static void Add(MessageDescriptor message, Dictionary<string, MessageDescriptor> into)
    {
        into[message.FullName] = message;
        foreach (var nested in message.NestedTypes) Add(nested, into);
    }
}
