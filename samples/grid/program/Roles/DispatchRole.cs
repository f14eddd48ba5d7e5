using System;
using System.Threading;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Grid.Roles;

/// <summary>Balances the grid: asks the forecast and the meters, spreads the load over the plants, and settles in the ledger.</summary>
internal static class DispatchRole
{
    public static void Map(WebApplication app)
    {
        app.MapGet("/v1/plan", async (CancellationToken cancellation) =>
        {
            var forecast = await Neighbour.GetAsync("http://forecast:8080/v1/day", GridJson.Default.Day, cancellation);
            var meters = await Neighbour.GetAsync("http://meters:8080/v1/readings", GridJson.Default.Readings, cancellation);
            if (forecast.Value is null || meters.Value is null)
            {
                return Results.Text($"no plan: forecast {forecast.Failure ?? "ok"}, meters {meters.Failure ?? "ok"}\n", statusCode: 503);
            }

            int hour = DateTime.UtcNow.Hour;
            int wind = forecast.Value.Wind[hour];
            int rest = Math.Max(0, meters.Value.Total - wind);
            int hydro = Math.Min(rest, 260);
            return Results.Json(
                new Plan(forecast.Value.Model, meters.Value.Total, wind, hydro, rest - hydro, forecast.ServedBy, meters.ServedBy), GridJson.Default.Plan);
        });

        app.MapPost("/v1/settle", async (Entry entry, CancellationToken cancellation) =>
        {
            var ledger = await Neighbour.PostAsync("http://ledger/v1/entries", entry, GridJson.Default.Entry, GridJson.Default.Ledger, cancellation);
            return ledger.Value is null
                ? Results.Text($"not settled: {ledger.Failure}\n", statusCode: 502)
                : Results.Json(ledger.Value, GridJson.Default.Ledger, statusCode: 201);
        });
    }
}
