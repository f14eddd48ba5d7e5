using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Weft.Serving.Hosting;

internal static class Doors
{
    private static readonly object Key = new();

    /// <summary>Marks every connection of a listener.</summary>
    public static void Mark(this ListenOptions options, Door door) =>
        options.Use(next => connection =>
        {
            connection.Items[Key] = door;
            return next(connection);
        });

    public static Door Of(HttpContext http) =>
        http.Features.Get<IConnectionItemsFeature>()?.Items.TryGetValue(Key, out object? door) == true ? (Door)door! : Door.None;
}
