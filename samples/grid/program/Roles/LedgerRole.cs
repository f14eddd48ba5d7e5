using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Grid.Roles;

/// <summary>Who delivered what: takes entries by POST and keeps the last ones in Redis.</summary>
internal static class LedgerRole
{
    public static void Map(WebApplication app)
    {
        Store store = new();
        app.MapGet("/v1/entries", async () => await store.ReadLedgerAsync());
        app.MapPost("/v1/entries", async (Entry entry) =>
        {
            if (entry.MegawattHours < 0 || string.IsNullOrEmpty(entry.Plant))
            {
                return Results.Text("an entry needs a plant and at least 0 MWh\n", statusCode: 400);
            }

            return Results.Json(await store.AppendAsync(entry), GridJson.Default.Ledger, statusCode: 201);
        });
    }
}
