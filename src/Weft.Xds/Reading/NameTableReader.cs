using System;
using System.Collections.Generic;
using System.Text;
using Weft.Policy;
using Weft.Policy.Model;
using Weft.Xds.Wire;
using Info = Weft.Xds.Proto.Istio.Nds.V1.NameTable.Types.NameInfo;

namespace Weft.Xds.Reading;

/// <summary>istio.networking.nds.v1.NameTable: the names that the proxy's DNS server answers itself.</summary>
internal static class NameTableReader
{
    public static NameTableConfig NameTable(string resourceName, ReadOnlySpan<byte> bytes, WalkReport report)
    {
        var table = new NameTableConfig { Name = resourceName };
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            MapEntry.Read(field.Bytes, out var key, out var value, out _);
            var host = Encoding.UTF8.GetString(key).TrimEnd('.').ToLowerInvariant();
            report.Path.EnterKey("table", host);
            table.Entries.Add(Entry(host, value, report));
            report.Path.Leave();
        }

        // A map has no order on the wire; the same names must give the same block.
        table.Entries.Sort(static (a, b) => string.CompareOrdinal(a.Host, b.Host));
        return table;
    }

    private static NameTableEntry Entry(string host, ReadOnlySpan<byte> bytes, WalkReport report)
    {
        var addresses = new List<IpAddress>();
        string registry = "", shortName = "", ns = "";
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            switch (field.Number)
            {
                case Info.IpsFieldNumber:
                    if (IpAddress.TryParse(field.Text, out var address)) addresses.Add(address);
                    else report.Add("ips", $"'{field.Text}' is not an IP address");
                    break;
                case Info.RegistryFieldNumber: registry = field.Text; break;
                case Info.ShortnameFieldNumber: shortName = field.Text; break;
                case Info.NamespaceFieldNumber: ns = field.Text; break;
            }
        }

        return new NameTableEntry(host, addresses, registry, shortName, ns);
    }
}
