using System.Text.Json;
using Weft.CommandLine.Mesh;
using Weft.CommandLine.Output;

namespace Weft.CommandLine.Commands.ProxyConfig;

/// <summary><c>weft proxy-config secret</c>: certificates and bundles by name and life; a dump never holds keys.</summary>
internal static class SecretTable
{
    public static Columns Render(ConfigDump dump, DumpFilter filter)
    {
        Columns table = new("RESOURCE NAME", "TYPE", "STATUS", "IDENTITY", "SERIAL NUMBER", "NOT AFTER", "NOT BEFORE");
        foreach (JsonElement entry in dump.Secrets())
        {
            JsonElement secret = entry.At("secret").ValueKind == JsonValueKind.Object ? entry.At("secret") : entry;
            string name = secret.Text("name");
            if (filter.Takes(name: name))
            {
                JsonElement summary = secret.At("certificate");
                table.Add(name, secret.At("validation_context").ValueKind == JsonValueKind.Object ? "CA" : "Cert Chain", "ACTIVE",
                    summary.Text("identity"), summary.Text("serial_number"), summary.Text("not_after"), summary.Text("not_before"));
            }
        }

        return table;
    }
}
