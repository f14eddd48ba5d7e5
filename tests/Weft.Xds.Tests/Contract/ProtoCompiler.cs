using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Reflection;
using Google.Protobuf.Reflection;

namespace Weft.Xds.Tests.Contract;

/// <summary>protoc of Grpc.Tools: proto files to descriptors.</summary>
internal static class ProtoCompiler
{
    private static readonly string Tools = typeof(ProtoCompiler).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "GrpcTools").Value!;

    public static FileDescriptorSet Compile(IEnumerable<string> includes, IEnumerable<string> files)
    {
        var output = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo(Path.Combine(Tools, "tools/linux_x64/protoc")) { RedirectStandardError = true };
            foreach (var include in includes.Append(Path.Combine(Tools, "build/native/include"))) start.ArgumentList.Add("-I" + include);
            start.ArgumentList.Add("--include_imports");
            start.ArgumentList.Add("-o" + output);
            foreach (var file in files) start.ArgumentList.Add(file);
            using var protoc = Process.Start(start)!;
            var errors = protoc.StandardError.ReadToEnd();
            protoc.WaitForExit();
            Assert.True(protoc.ExitCode == 0, errors);
            return FileDescriptorSet.Parser.ParseFrom(File.ReadAllBytes(output));
        }
        finally
        {
            File.Delete(output);
        }
    }

    /// <summary>All messages and enums by full name, nested ones included.</summary>
    public static (Dictionary<string, DescriptorProto> Messages, Dictionary<string, EnumDescriptorProto> Enums) Flatten(FileDescriptorSet set)
    {
        var messages = new Dictionary<string, DescriptorProto>();
        var enums = new Dictionary<string, EnumDescriptorProto>();
        foreach (var file in set.File)
        {
            foreach (var message in file.MessageType) Add(file.Package, message);
            foreach (var one in file.EnumType) enums[$"{file.Package}.{one.Name}"] = one;
        }

        return (messages, enums);

        void Add(string scope, DescriptorProto message)
        {
            var name = $"{scope}.{message.Name}";
            messages[name] = message;
            foreach (var nested in message.NestedType) Add(name, nested);
            foreach (var one in message.EnumType) enums[$"{name}.{one.Name}"] = one;
        }
    }
}
