namespace Weft.CommandLine.Commands.ProxyConfig;

/// <summary>What the flags of a <c>proxy-config</c> command ask for; null asks for everything.</summary>
internal sealed record DumpFilter(string? Fqdn, string? Port, string? Direction, string? Subset, string? Name, string? Address, string? Cluster)
{
    public bool Takes(string fqdn = "", string port = "", string direction = "", string subset = "", string name = "", string address = "", string cluster = "") =>
        (Fqdn is null || Fqdn == fqdn) && (Port is null || Port == port) && (Direction is null || Direction == direction)
        && (Subset is null || Subset == subset) && (Name is null || Name == name) && (Address is null || Address == address) && (Cluster is null || Cluster == cluster);
}
