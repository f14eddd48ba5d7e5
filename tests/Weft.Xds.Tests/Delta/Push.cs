using System;
using System.Security.Cryptography;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Weft.Xds.Proto.Service.Discovery.V3;

namespace Weft.Xds.Tests.Delta;

/// <summary>Writes delta responses as a control plane does.</summary>
internal static class Push
{
    public static byte[] Of(string systemVersion, params (string Name, IMessage Message)[] resources) => Bytes(systemVersion, resources, []);

    public static byte[] Removal(string systemVersion, string typeUrl, params string[] names)
    {
        var response = new DeltaDiscoveryResponse { SystemVersionInfo = systemVersion, TypeUrl = typeUrl, Nonce = Guid.NewGuid().ToString() };
        response.RemovedResources.Add(names);
        return response.ToByteArray();
    }

    public static string VersionOf(IMessage message) => Convert.ToHexStringLower(SHA256.HashData(message.ToByteArray()))[..32];

    private static byte[] Bytes(string systemVersion, (string Name, IMessage Message)[] resources, string[] removed)
    {
        var response = new DeltaDiscoveryResponse
        {
            SystemVersionInfo = systemVersion,
            TypeUrl = XdsTypes.Prefix + resources[0].Message.Descriptor.FullName,
            Nonce = Guid.NewGuid().ToString(),
        };
        foreach (var (name, message) in resources)
        {
            response.Resources.Add(new Resource { Name = name, Version = VersionOf(message), Resource_ = Any.Pack(message) });
        }

        response.RemovedResources.Add(removed);
        return response.ToByteArray();
    }
}
