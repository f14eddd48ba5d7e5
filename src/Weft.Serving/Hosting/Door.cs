using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Weft.Serving.Hosting;

/// <summary>Through which socket a request came in; decides what it may reach.</summary>
internal enum Door : byte
{
    None,

    /// <summary>Plaintext discovery, loopback.</summary>
    Plaintext,

    /// <summary>Discovery and certificates over TLS.</summary>
    Secure,

    /// <summary>Metrics and debug over TLS, for proven callers.</summary>
    Metrics,

    /// <summary>Health, loopback.</summary>
    Health,

    /// <summary>Everything readable, over a Unix socket that only its owner can open.</summary>
    Debug,
}

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
