using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Grid.Roles;

/// <summary>The front end: a live picture for browsers, the same in text for curl.</summary>
internal static class WebRole
{
    public static void Map(WebApplication app)
    {
        string page = ReadPage();
        app.MapGet("/", async (HttpRequest request, CancellationToken cancellation) =>
            request.Headers.Accept.ToString().Contains("text/html", System.StringComparison.Ordinal)
                ? Results.Content(page, "text/html; charset=utf-8")
                : Results.Text(Draw(await CollectAsync(cancellation))));
        app.MapGet("/api/state", async (CancellationToken cancellation) => Results.Json(await CollectAsync(cancellation), GridJson.Default.State));
        app.MapPost("/api/settle", async (Entry entry, CancellationToken cancellation) =>
        {
            var settled = await Neighbour.PostAsync("http://dispatch:8080/v1/settle", entry, GridJson.Default.Entry, GridJson.Default.Ledger, cancellation);
            return settled.Value is null
                ? Results.Text($"{settled.Failure}\n", statusCode: 502)
                : Results.Json(settled.Value, GridJson.Default.Ledger, statusCode: 201);
        });
    }

    private static async Task<State> CollectAsync(CancellationToken cancellation)
    {
        var plan = Neighbour.GetAsync("http://dispatch:8080/v1/plan", GridJson.Default.Plan, cancellation);
        var readings = Neighbour.GetAsync("http://meters:8080/v1/readings", GridJson.Default.Readings, cancellation);
        var ledger = Neighbour.GetAsync("http://ledger/v1/entries", GridJson.Default.Ledger, cancellation);
        Dictionary<string, string> servedBy = [];
        Dictionary<string, string> failures = [];
        Note("dispatch", await plan);
        Note("meters", await readings);
        Note("ledger", await ledger);
        if ((await plan).Value is { } made)
        {
            servedBy["forecast"] = made.ForecastServedBy;
        }

        return new((await plan).Value, (await readings).Value, (await ledger).Value, servedBy, failures);

        void Note<T>(string name, Answer<T> answer)
        {
            servedBy[name] = answer.ServedBy;
            if (answer.Failure is { } failure)
            {
                failures[name] = failure;
            }
        }
    }

    private static string Draw(State state)
    {
        StringBuilder text = new("The grid now\n\n");
        if (state.Plan is { } plan)
        {
            Bar("demand", plan.Demand);
            Bar("  wind", plan.Wind);
            Bar("  hydro", plan.Hydro);
            Bar("  gas", plan.Gas);
            text.Append("\nforecast model ").Append(plan.Model).Append('\n');
        }

        foreach (Reading reading in state.Readings?.Districts ?? [])
        {
            Bar(reading.District, reading.Megawatts);
        }

        text.Append("\nledger entries: ").Append(state.Ledger?.Count.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "unknown").Append('\n');
        foreach (var (name, by) in state.ServedBy)
        {
            text.Append("served by: ").Append(name.PadRight(9)).Append(by).Append('\n');
        }

        foreach (var (name, why) in state.Failures)
        {
            text.Append("failed:    ").Append(name.PadRight(9)).Append(why).Append('\n');
        }

        return text.ToString();

        void Bar(string name, int megawatts) =>
            text.Append(name.PadRight(10)).Append(megawatts.ToString(System.Globalization.CultureInfo.InvariantCulture).PadLeft(5)).Append(" MW ")
                .Append('#', megawatts / 12).Append('\n');
    }

    private static string ReadPage()
    {
        using StreamReader reader = new(typeof(WebRole).Assembly.GetManifestResourceStream("page.html")!);
        return reader.ReadToEnd();
    }
}
