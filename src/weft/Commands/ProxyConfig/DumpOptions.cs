using System.CommandLine;
using Weft.CommandLine.Mesh;
using Weft.CommandLine.Output;

namespace Weft.CommandLine.Commands.ProxyConfig;

/// <summary>The flags that all <c>proxy-config</c> commands share.</summary>
internal sealed class DumpOptions
{
    public Argument<string?> Pod { get; } = new("POD") { Description = "NAME.NAMESPACE of a pod or workload, or deploy/NAME with -n", Arity = ArgumentArity.ZeroOrOne };

    public Option<string?> Namespace { get; } = MeshFinder.NamespaceOption();

    public Option<string?> Mesh { get; } = MeshFinder.MeshOption();

    public Option<string?> File { get; } = new("--file", "-f") { Description = "read a saved config dump (Weft's or Envoy's) instead of asking a proxy" };

    public Option<OutputFormat> Output { get; } = OutputOption.Create();

    private Option<string?> Fqdn { get; } = new("--fqdn") { Description = "only this service" };

    private Option<string?> Port { get; } = new("--port") { Description = "only this port" };

    private Option<string?> Direction { get; } = new("--direction") { Description = "only inbound or outbound" };

    private Option<string?> Subset { get; } = new("--subset") { Description = "only this subset" };

    private Option<string?> Name { get; } = new("--name") { Description = "only the one of this name" };

    private Option<string?> Address { get; } = new("--address") { Description = "only this address" };

    private Option<string?> Cluster { get; } = new("--cluster") { Description = "only this cluster" };

    public Command AddTo(Command command)
    {
        command.Add(Pod);
        foreach (Option option in new Option[] { Namespace, Mesh, File, Output, Fqdn, Port, Direction, Subset, Name, Address, Cluster })
        {
            command.Add(option);
        }

        return command;
    }

    public DumpFilter Filter(ParseResult parsed) => new(parsed.GetValue(Fqdn), parsed.GetValue(Port), parsed.GetValue(Direction),
        parsed.GetValue(Subset), parsed.GetValue(Name), parsed.GetValue(Address), parsed.GetValue(Cluster));
}
