using System;
using System.CommandLine;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Weft.CommandLine.Output;
using Weft.Local;

namespace Weft.CommandLine.Mesh;

/// <summary>Finds the running mesh that a command means, and the sockets in it.</summary>
internal static class MeshFinder
{
    public static Option<string?> MeshOption() => new("--mesh") { Description = "folder of the mesh, where several run" };

    public static Option<string?> NamespaceOption() => new("--namespace", "-n") { Description = "namespace of the pod, where its name does not say" };

    /// <exception cref="CommandException">None runs, or several and none was named.</exception>
    public static MeshPaths Find(string? mesh)
    {
        try
        {
            return MeshPaths.Find(mesh);
        }
        catch (InvalidOperationException none)
        {
            throw new CommandException(none.Message);
        }
    }

    public static SocketClient ControlPlane(string? mesh) => new(Find(mesh).WeftdDebugSocket, "weftd");

    /// <summary>Has the folder read now, without the debounce: the store's revision after it, and what of it was refused.</summary>
    public static async Task<JsonDocument> SettleSourceAsync(string? mesh, int timeoutSeconds, CancellationToken cancellation)
    {
        using SocketClient machine = new(Find(mesh).ControlSocket, "the mesh");
        return await machine.GetJsonAsync($"/source?settle=1&timeout={timeoutSeconds}", cancellation);
    }

    public static async Task<SocketClient> AdminOfAsync(string? mesh, string pod, string? ns, CancellationToken cancellation)
    {
        MeshPaths paths = Find(mesh);
        PodName name = await PodName.ResolveAsync(paths, pod, ns, cancellation);
        return new(paths.AdminSocket(name.Namespace, name.Name), $"the proxy of {name}");
    }
}
